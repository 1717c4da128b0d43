import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './stack.ts';

/** dockerd's two ways to keep images. */
export const stores = ['overlay2', 'containerd'] as const;
export type Store = (typeof stores)[number];

/** Arms that get their images, once per round and speed. */
export const acquiring = ['compose', 'original', 'cold', 'warm', 'save-load'] as const;
/** Arms whose images are on the machine, once per round. */
export const local = ['compose-local', 'original-local', 'warm-start', 'off-local'] as const;
export type ArmName = (typeof acquiring)[number] | (typeof local)[number];

export interface Options {
  readonly rounds: number;
  /** MB/s of the registry and of the cache service, each for itself, over all connections. */
  readonly speeds: readonly number[];
  readonly stores: readonly Store[];
  readonly arms: readonly ArmName[];
  /** The checkout whose dist/ and Compose file are measured. */
  readonly action: string;
  /** The most that one connection to the registry gets of its speed, between 0 and 1. */
  readonly share: number;
  /** Milliseconds that the registry takes to answer. */
  readonly latency: number;
  /** Runs of the action with `cache: auto` after the one that fills the cache, before it is measured. */
  readonly learning: number;
  /** How many busy programs the benchmark counts for where others want the CPU too. */
  readonly weight: number;
  /** A folder to keep the output of every command in. */
  readonly logs: string | undefined;
}

export const usage = `usage: node test/bench/images.ts [rounds] [--speeds 60,120,250] [--stores ${stores.join()}]
  [--arms ${[...acquiring, ...local].join()}]
  [--action CHECKOUT] [--share 0.25] [--latency 15] [--learning 2] [--weight 16] [--logs FOLDER]`;

/** @throws when an option is unknown or has no such value. */
export function readOptions(argv: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      speeds: { ...text, default: '60,120,250' },
      stores: { ...text, default: stores.join() },
      arms: { ...text, default: [...acquiring, ...local].join() },
      action: { ...text, default: root },
      share: { ...text, default: '0.25' },
      latency: { ...text, default: '15' },
      learning: { ...text, default: '2' },
      weight: { ...text, default: '16' },
      logs: text,
    },
  });
  const rounds = number('rounds', positionals[0] ?? '5', 1);
  if (!Number.isInteger(rounds)) throw new Error('rounds: a whole number is needed');
  return {
    rounds,
    speeds: values.speeds.split(',').map((speed) => number('--speeds', speed, 1)),
    stores: chosen('--stores', values.stores, stores),
    arms: chosen('--arms', values.arms, [...acquiring, ...local]),
    action: resolve(values.action),
    share: number('--share', values.share, 0.001),
    latency: number('--latency', values.latency, 0),
    learning: number('--learning', values.learning, 0),
    weight: number('--weight', values.weight, 1),
    logs: values.logs === undefined ? undefined : resolve(values.logs),
  };
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least))
    throw new Error(`${name}: ${text} is no number from ${least} on`);
  return value;
}

function chosen<Name extends string>(option: string, text: string, known: readonly Name[]): readonly Name[] {
  const asked = text.split(',');
  const unknown = asked.filter((name) => !known.some((each) => each === name));
  if (unknown.length > 0) throw new Error(`${option}: ${unknown.join()} is none of ${known.join()}`);
  return known.filter((name) => asked.includes(name));
}

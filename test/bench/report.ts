import { median } from '../../src/core/median.ts';
import { runCommand } from '../../src/io/command.ts';
import type { Arm } from './arms.ts';
import { cores } from './cpu.ts';
import { columns } from './figures.ts';
import type { Run } from './run-once.ts';
import { type Stack, world } from './stack.ts';

export interface Measured {
  readonly arm: Arm;
  readonly runs: readonly Run[];
}

const text = (seconds: number) => seconds.toFixed(1);
const middle = (runs: readonly Run[], of: (run: Run) => number) => median(runs.map(of));

/** Per arm: seconds until every system works (median, least, most), and what that cost. */
export function armTable(measured: readonly Measured[]): string {
  const head = ['arm', 'median s', 'min', 'max', 'command s', 'CPU s', 'memory MB', 'load before', 'what'];
  const rows = measured.map(({ arm, runs }) => {
    const ready = runs.map((run) => run.ready);
    return [
      arm.name,
      text(median(ready)),
      text(Math.min(...ready)),
      text(Math.max(...ready)),
      text(middle(runs, (run) => run.command)),
      text(middle(runs, (run) => run.cpu)),
      (middle(runs, (run) => run.memory) / 1e6).toFixed(0),
      Math.max(...runs.map((run) => run.load)).toFixed(2),
      arm.title,
    ];
  });
  return columns([head, ...rows]);
}

/** Per system and arm: the median second at which it worked. */
export function systemTable(measured: readonly Measured[], services: readonly string[]): string {
  const rows = services.map((service) => [
    service,
    ...measured.map(({ arm, runs }) =>
      arm.services.includes(service)
        ? text(middle(runs, ({ systems }) => systems.get(service) ?? Number.NaN))
        : '',
    ),
  ]);
  return columns([['works after, s', ...measured.map(({ arm }) => arm.name)], ...rows]);
}

export async function versions(stack: Stack): Promise<string> {
  const [engine, compose] = await Promise.all([world.docker.version(), world.compose.version()]);
  const [version, api, architecture] = engine.stdout.trim().split('\t');
  const images = [...new Set([...stack.model.services.values()].map(({ image }) => image))];
  const listed = await Promise.all(images.map(imageLine));
  const machine = `${cores} cores, ${architecture}, Docker Engine ${version} (API ${api}), Compose ${compose.stdout.trim()}`;
  return [machine, ...listed].join('\n');
}

async function imageLine(image: string): Promise<string> {
  const asked = await runCommand(['docker', 'image', 'inspect', '--format', '{{.Id}}', '--', image], {
    timeout: 30_000,
  });
  return `${image}  ${asked.stdout.trim().slice(0, 19)}`;
}

/** The three figures that the goals are set for. */
export function lastLines(ours: Measured, compose: Measured, original: Measured, chain: Measured): string {
  const ready = ({ runs }: Measured) => middle(runs, (run) => run.ready);
  const work = middle(ours.runs, ({ cpu }) => cpu) / cores;
  const limit = Math.max(ready(chain), work);
  return [
    `limit: the larger of ${text(ready(chain))} s (the slowest chain, alone) and ${text(work)} s (CPU seconds of the whole machine until ready, by ${cores} cores)`,
    '',
    `ready/compose ${(ready(ours) / ready(compose)).toFixed(2)}`,
    `ready/original ${(ready(ours) / ready(original)).toFixed(2)}`,
    `ready/limit ${(ready(ours) / limit).toFixed(2)}`,
  ].join('\n');
}

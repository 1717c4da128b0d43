import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arm } from './arms.ts';
import { machineCpu } from './cpu.ts';
import { groupsCpu, inGroup, measuredCpu } from './groups.ts';
import { listenToImages } from './image-events.ts';
import type { Launch } from './launch.ts';
import { type Peak, watchPeak } from './peaks.ts';
import { type Meter, type Run, runOnce } from './run-once.ts';
import { type Servers, servedBy } from './servers.ts';
import type { Stack } from './stack.ts';

export interface ImageRun extends Run {
  /** Bytes that the registry and the cache service have sent until the command ended. */
  readonly upstream: number;
  readonly cached: number;
  readonly peak: Peak;
  readonly postPeak: Peak | undefined;
  /** How often the engine loaded or saved an archive of images, post included. */
  readonly archives: number;
  /** Cores that other programs, and the kernel for all, kept busy meanwhile. */
  readonly others: number;
}

export interface Metering {
  readonly servers: Servers;
  /** Of the control groups. */
  readonly id: string;
  /** A folder for the output of commands. */
  readonly logs: string | undefined;
}

/** `runOnce` in this benchmark's surroundings: an engine runs. */
export async function runWithImages(
  arm: Arm,
  stack: Stack,
  { servers, id, logs }: Metering,
  interrupted: AbortSignal,
): Promise<ImageRun> {
  const before = await servedBy(servers);
  const readings: Reading[] = [];
  let after = before;
  let watch: (() => Peak) | undefined;
  const peaks = new Map<'main' | 'post', Peak>();
  const meter: Meter = {
    cpu: async () => {
      readings.push({ at: performance.now(), groups: groupsCpu(id), machine: await machineCpu() });
      return measuredCpu(id);
    },
    launched: (_what, pid) => {
      watch = watchPeak(pid);
    },
    ended: async (what, { output }) => {
      if (watch !== undefined) peaks.set(what, watch());
      if (what === 'main') after = await servedBy(servers);
      if (logs !== undefined) await appendFile(join(logs, `${arm.name}.log`), `--- ${what}\n${output}\n`);
    },
  };
  const events = await listenToImages();
  try {
    const run = await runOnce(inCommandGroup(arm, id), stack, interrupted, meter);
    const counts = await events.stop();
    return {
      ...run,
      upstream: after.upstreamBytes - before.upstreamBytes,
      cached: after.cacheBytes - before.cacheBytes,
      peak: peaks.get('main') ?? { own: 0, worker: 0, together: 0, cpu: 0 },
      postPeak: peaks.get('post'),
      archives: (counts.get('load') ?? 0) + (counts.get('save') ?? 0),
      others: othersBetween(readings),
    };
  } finally {
    watch?.();
    await events.stop();
  }
}

interface Reading {
  readonly at: number;
  readonly groups: number;
  readonly machine: number;
}

/** Cores that were busy with something else from the first reading to the last. */
function othersBetween(readings: readonly Reading[]): number {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  const busy = last.machine - first.machine - (last.groups - first.groups);
  return Math.max(0, busy) / ((last.at - first.at) / 1000);
}

function inCommandGroup(arm: Arm, id: string): Arm {
  const { prepare, post } = arm;
  const moved = async (launch: Promise<Launch>): Promise<Launch> => {
    const { command, env } = await launch;
    return { command: inGroup(id, 'command', command), env };
  };
  return {
    ...arm,
    prepare: (folder) => moved(prepare(folder)),
    ...(post === undefined ? {} : { post: (folder) => moved(post(folder)) }),
  };
}

import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arm } from './arms.ts';
import { machineCpu, ownCpu } from './cpu.ts';
import { listenToImages } from './image-events.ts';
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
  /** Where the kernel counts the CPU time of everything here. */
  readonly cpuFile: string;
  /** A folder for the output of commands. */
  readonly logs: string | undefined;
}

/** `runOnce` in this benchmark's surroundings: an engine runs. */
export async function runWithImages(
  arm: Arm,
  stack: Stack,
  { servers, cpuFile, logs }: Metering,
  interrupted: AbortSignal,
): Promise<ImageRun> {
  const before = await servedBy(servers);
  const readings: Reading[] = [];
  let after = before;
  let watch: (() => Peak) | undefined;
  const peaks = new Map<'main' | 'post', Peak>();
  const meter: Meter = {
    cpu: async () => {
      const spared = (await servedBy(servers)).cpuSeconds + ownCpu();
      const reading = { at: performance.now(), group: await groupCpu(cpuFile), machine: await machineCpu() };
      readings.push(reading);
      return reading.group - spared;
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
    const run = await runOnce(arm, stack, interrupted, meter);
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
  readonly group: number;
  readonly machine: number;
}

/** Cores that were busy with something else from the first reading to the last. */
function othersBetween(readings: readonly Reading[]): number {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  const busy = last.machine - first.machine - (last.group - first.group);
  return Math.max(0, busy) / ((last.at - first.at) / 1000);
}

/** Version 1 counts nanoseconds, version 2 microseconds. */
async function groupCpu(file: string): Promise<number> {
  const text = await readFile(file, 'utf8');
  const usage = /^usage_usec (\d+)/.exec(text)?.[1];
  return usage === undefined ? Number(text) / 1e9 : Number(usage) / 1e6;
}

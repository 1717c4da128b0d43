import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arm } from './arms.ts';
import { machineCpu, ownCpu } from './cpu.ts';
import { type Ended, launch } from './launch.ts';
import { containersMemory } from './memory.ts';
import { untilAllWork, whatFails } from './prober.ts';
import { type Stack, takeDown } from './stack.ts';

/** What one run of one arm took: seconds, CPU seconds, bytes. */
export interface Run {
  /** From launching the command until every system works. */
  readonly ready: number;
  /** The same for each system. */
  readonly systems: ReadonlyMap<string, number>;
  /** From launching the command until it ended by itself. */
  readonly command: number;
  /** What the whole machine spent until every system worked, without the prober. */
  readonly cpu: number;
  readonly memory: number;
  /** Seconds of what the job runs at its end; nothing where there is nothing to run. */
  readonly post: number | undefined;
  /** Cores that other programs kept busy just before. */
  readonly load: number;
}

/** What is measured beside time. */
export interface Meter {
  /** CPU seconds so far of what is measured; only differences count. */
  cpu(): Promise<number>;
  /** A command was started: main or post. */
  launched?(what: 'main' | 'post', pid: number): void;
  /** It has ended. */
  ended?(what: 'main' | 'post', ended: Ended): Promise<void>;
}

/** The whole machine without this process. */
const machineMeter: Meter = { cpu: async () => (await machineCpu()) - ownCpu() };

/** One run may take this long. Milliseconds. */
const limit = 600_000;

/** The machine is left alone for so long before each run, while the load of other programs is measured. */
const pause = 3000;

/** Brings one arm's stack up, measures, and takes it down again with its volumes, also when it fails or is interrupted. */
export async function runOnce(
  arm: Arm,
  stack: Stack,
  interrupted: AbortSignal,
  meter: Meter = machineMeter,
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ready-'));
  try {
    await mkdir(join(folder, 'temp'));
    const silent = await whatFails(stack, arm.services);
    if (silent.length < arm.services.length)
      throw new Error('Another stack answers on these ports; take it down first.');
    const run = await measure(arm, stack, folder, interrupted, meter);
    const post = await runPost(arm, folder, interrupted, meter);
    return { ...run, post };
  } finally {
    await takeDown(folder);
  }
}

async function measure(
  arm: Arm,
  stack: Stack,
  folder: string,
  interrupted: AbortSignal,
  meter: Meter,
): Promise<Omit<Run, 'post'>> {
  const prepared = await arm.prepare(folder);
  const quiet = await machineCpu();
  await sleep(pause, undefined, { signal: interrupted });
  const load = ((await machineCpu()) - quiet) / (pause / 1000);
  const over = new AbortController();
  const signal = AbortSignal.any([interrupted, over.signal, AbortSignal.timeout(limit)]);
  const before = await meter.cpu();
  const began = performance.now();
  const { pid, ended, stop } = launch(prepared);
  if (pid !== undefined) meter.launched?.('main', pid);
  try {
    const succeeded = success(arm, 'main', ended, meter);
    const [times, cpu] = await Promise.race([
      untilAllWork(stack, arm.services, signal).then(
        async (all) => [all, (await meter.cpu()) - before] as const,
      ),
      succeeded.then(() => new Promise<never>(() => {})),
    ]);
    const result = await succeeded;
    await arm.proof?.(folder);
    const broken = await whatFails(stack, arm.services);
    if (broken.length > 0) throw new Error(`${arm.name} worked and then did not: ${broken.join('; ')}`);
    const since = (time: number) => (time - began) / 1000;
    const systems = new Map([...times].map(([name, time]) => [name, since(time)]));
    const ready = Math.max(...systems.values());
    return { ready, systems, command: since(result.at), cpu, memory: await containersMemory(), load };
  } finally {
    over.abort();
    await stop();
  }
}

async function runPost(arm: Arm, folder: string, interrupted: AbortSignal, meter: Meter) {
  if (arm.post === undefined) return undefined;
  const prepared = await arm.post(folder);
  const began = performance.now();
  const { pid, ended, stop } = launch(prepared);
  if (pid !== undefined) meter.launched?.('post', pid);
  interrupted.addEventListener('abort', stop, { once: true });
  const result = await success(arm, 'post', ended, meter);
  interrupted.removeEventListener('abort', stop);
  return (result.at - began) / 1000;
}

async function success(arm: Arm, what: 'main' | 'post', ended: Promise<Ended>, meter: Meter): Promise<Ended> {
  const result = await ended;
  await meter.ended?.(what, result);
  if (result.exitCode !== 0 && !arm.mayFail)
    throw new Error(
      `${arm.name}'s ${what} failed with exit code ${result.exitCode}:\n${lastLines(result.output)}`,
    );
  return result;
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-20).join('\n');
}

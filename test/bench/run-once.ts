import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arm } from './arms.ts';
import { machineCpu, ownCpu } from './cpu.ts';
import { launch } from './launch.ts';
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
  /** Cores that other programs kept busy just before. */
  readonly load: number;
}

/** One run may take this long. Milliseconds. */
const limit = 600_000;

/** The machine is left alone for so long before each run, while the load of other programs is measured. */
const pause = 3000;

/** Brings one arm's stack up, measures, and takes it down again with its volumes, also when it fails or is interrupted. */
export async function runOnce(arm: Arm, stack: Stack, interrupted: AbortSignal): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ready-'));
  try {
    await mkdir(join(folder, 'temp'));
    const silent = await whatFails(stack, arm.services);
    if (silent.length < arm.services.length)
      throw new Error('Another stack answers on these ports; take it down first.');
    return await measure(arm, stack, folder, interrupted);
  } finally {
    await takeDown(folder);
  }
}

async function measure(arm: Arm, stack: Stack, folder: string, interrupted: AbortSignal): Promise<Run> {
  const prepared = await arm.prepare(folder);
  const quiet = await machineCpu();
  await sleep(pause, undefined, { signal: interrupted });
  const load = ((await machineCpu()) - quiet) / (pause / 1000);
  const over = new AbortController();
  const signal = AbortSignal.any([interrupted, over.signal, AbortSignal.timeout(limit)]);
  const before = { machine: await machineCpu(), own: ownCpu() };
  const began = performance.now();
  const { ended, stop } = launch(prepared);
  try {
    const refused = ended.then(({ exitCode, output }) => {
      if (exitCode !== 0 && !arm.mayFail)
        throw new Error(`${arm.name} failed with exit code ${exitCode}:\n${lastLines(output)}`);
    });
    const [times, cpu] = await Promise.race([
      untilAllWork(stack, arm.services, signal).then(
        async (all) => [all, (await machineCpu()) - before.machine - (ownCpu() - before.own)] as const,
      ),
      refused.then(() => new Promise<never>(() => {})),
    ]);
    await refused;
    const { at } = await ended;
    const broken = await whatFails(stack, arm.services);
    if (broken.length > 0) throw new Error(`${arm.name} worked and then did not: ${broken.join('; ')}`);
    const since = (time: number) => (time - began) / 1000;
    const systems = new Map([...times].map(([name, time]) => [name, since(time)]));
    return {
      ready: Math.max(...systems.values()),
      systems,
      command: since(at),
      cpu,
      memory: await containersMemory(),
      load,
    };
  } finally {
    over.abort();
    await stop();
  }
}

function lastLines(output: string): string {
  return output.trimEnd().split('\n').slice(-20).join('\n');
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../src/core/catalogue/catalogue.ts';
import { attempt } from '../../src/probing.ts';
import { address, type Stack, world } from './stack.ts';

/** Between two attempts, as in the action itself. Milliseconds. */
const rhythm = 100;

/**
 * Asks every system until each of its checks has passed once, and tells when that was, in milliseconds of
 * `performance.now()`. A check that has passed is not repeated, so the more works, the less this costs.
 */
export async function untilAllWork(
  stack: Stack,
  services: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const systems = systemsOf(stack, services);
  const times = await Promise.all(systems.map((system) => untilWorks(stack, system, signal)));
  return new Map(systems.map(({ name }, index) => [name, times[index] ?? Number.NaN]));
}

async function untilWorks(stack: Stack, system: System, signal: AbortSignal): Promise<number> {
  for (const check of system.probe) {
    while ((await attempt(check, stack.endpoints, address, world)) !== undefined) {
      await sleep(rhythm, undefined, { signal });
    }
    signal.throwIfAborted();
  }
  return performance.now();
}

/** What each system that does not pass every check now answers. */
export async function whatFails(stack: Stack, services: readonly string[]): Promise<readonly string[]> {
  const answers = systemsOf(stack, services).map(async ({ name, probe }) => {
    for (const check of probe) {
      const answer = await attempt(check, stack.endpoints, address, world);
      if (answer !== undefined) return [`${name}: ${answer}`];
    }
    return [];
  });
  return (await Promise.all(answers)).flat();
}

function systemsOf(stack: Stack, services: readonly string[]): readonly System[] {
  const named = new Map(stack.endpoints.map(({ system }) => [system.name, system]));
  return services.flatMap((service) => {
    const system = named.get(service);
    return system === undefined || system.probe.length === 0 ? [] : [system];
  });
}

import type { Failure } from './core/errors.ts';
import type { SystemPlan } from './core/plan.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** Between two glances at what the events have told. Milliseconds. */
const rhythm = 100;

/** The failure of the first system that worked and has stopped since; others may wait for it until the deadline. */
export async function standGuard(
  working: () => readonly SystemPlan[],
  watch: Watch,
  world: World,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  while (!signal.aborted) {
    for (const system of working()) {
      const verdict = watch.verdict(system);
      if (verdict.kind === 'failed') return verdict.failure;
    }
    await world.machine.sleep(rhythm, signal);
  }
  return undefined;
}

import { usualWeight } from './core/weights.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** The weights are for the start alone: what uses the stack afterwards must find every system at its usual weight. */
export async function evenOut(
  weights: ReadonlyMap<string, number>,
  watch: Watch,
  world: World,
): Promise<void> {
  const lower = [...weights].filter(([, weight]) => weight !== usualWeight);
  const ids = lower.flatMap(([service]) => watch.ids(service));
  if (ids.length === 0) return;
  const result = await world.docker.setWeight(ids, usualWeight);
  if (result.exitCode !== 0)
    world.runner.warning(`CPU weights could not be set back: ${result.stderr.trim()}`);
}

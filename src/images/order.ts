import type { Pull } from '../core/plan.ts';
import type { Machine } from '../io/machine.ts';

/** How large images are is worth so long a wait, and no more. Milliseconds. */
const patience = 2000;

/**
 * The order in which images are needed: first those of systems that the most others wait for, then the largest, which take
 * the longest to come and to unpack. `size` gives bytes, 0 where that is not known.
 */
export async function byNeed(
  pulls: readonly Pull[],
  rank: (pull: Pull) => number,
  size: (pull: Pull) => Promise<number>,
  machine: Machine,
): Promise<readonly Pull[]> {
  const done = new AbortController();
  const late = machine.sleep(patience, done.signal).then(() => 0);
  const needs = pulls.map(async (pull) => ({
    pull,
    rank: rank(pull),
    size: await Promise.race([size(pull), late]),
  }));
  const known = await Promise.all(needs);
  done.abort();
  return known.sort((a, b) => b.rank - a.rank || b.size - a.size).map(({ pull }) => pull);
}

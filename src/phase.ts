import type { World } from './world.ts';

/**
 * One part of what comes after the job's steps. It stands alone: where it fails or takes longer than its budget
 * (milliseconds), that is a warning, and the parts after it go on. A log group that it opened is closed.
 */
export async function phase<T>(
  title: string,
  budget: number,
  world: World,
  body: () => Promise<T>,
): Promise<T | undefined> {
  const done = new AbortController();
  const late = Symbol('late');
  try {
    const result = await Promise.race([body(), world.machine.sleep(budget, done.signal).then(() => late)]);
    if (result !== late) return result as T;
    world.runner.warning(`${title} took longer than ${Math.round(budget / 1000)} s and was left.`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    world.runner.warning(`${title} did not end well: ${text}`);
  } finally {
    done.abort();
    world.runner.closeGroup();
  }
  return undefined;
}

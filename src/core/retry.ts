/** So often a registry is asked for an image before it counts as failed. */
export const mostTries = 5;

/** Before the second try; every further one waits twice as long. Milliseconds. */
const firstWait = 1000;

/**
 * Milliseconds to wait before a pull that has failed so many times is tried again; undefined where it is not. Only a
 * connection or a registry in trouble gets better by itself. `chance` (0 to 1) moves the moment by up to a quarter, so that
 * pulls and jobs that failed together do not come back together.
 */
export function retryDelay(
  code: string,
  failed: number,
  chance: number,
  most = mostTries,
): number | undefined {
  if (code !== 'PULL_NETWORK' || failed >= most) return undefined;
  return Math.round(firstWait * 2 ** (failed - 1) * (0.75 + chance / 2));
}

import { knownCause } from './core/causes/known-causes.ts';
import type { Failure } from './core/errors.ts';
import { judgeState } from './core/readiness.ts';
import type { Story } from './story.ts';
import { readObservation } from './watch.ts';
import type { World } from './world.ts';

/** Lines of a log in which the cause is looked for. */
const read = 2000;

/**
 * Systems that worked when the job's own steps began and have stopped since. A job that went well may have stopped them on
 * purpose, so then only memory that ran out is told.
 */
export async function whatFell(
  project: string,
  { record, outcome, catalogue }: Story,
  { docker }: World,
): Promise<readonly Failure[]> {
  if (record?.outcome !== 'success') return [];
  const ids = (await docker.containers(project)).map(({ id }) => id);
  if (ids.length === 0) return [];
  const { stdout } = await docker.inspect(ids);
  const fallen = stdout
    .split('\n')
    .flatMap(readObservation)
    .flatMap((seen) => {
      const verdict = judgeState(seen, 'running');
      return verdict.kind === 'failed' ? [{ seen, failure: verdict.failure }] : [];
    });
  const told = fallen.filter(({ failure }) => outcome !== 'success' || failure.code === 'SERVICE_OOM');
  return Promise.all(
    told.map(async ({ seen, failure }) => {
      const log = await docker.logs(seen.id, read);
      const { exitCode, oomKilled } = seen;
      const system = catalogue.systems.get(seen.service);
      return knownCause(failure, { log, exitCode, oomKilled, system });
    }),
  );
}

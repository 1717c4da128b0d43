import { UserError } from '../core/errors.ts';
import { repositoryLabel } from '../core/preview/identity.ts';
import { isExpired, newest } from '../core/preview/lifetime.ts';
import { closePreview } from './down.ts';
import type { Place, Standing } from './place.ts';
import type { Session } from './session.ts';

/**
 * Takes down every preview of this repository whose time is over or whose pull request is closed. Those of other repositories
 * are not even looked at. One that cannot be taken down does not keep the others.
 * @throws UserError for the first that could not.
 */
export async function reapPreviews(session: Session, place: Place): Promise<void> {
  const { request, show } = session;
  const { runner } = show.world;
  const all = await place.standing([`${repositoryLabel}=${request.repository}`]);
  let failure: UserError | undefined;
  let reaped = 0;
  for (const each of all) {
    const mark = newest(each.marks);
    const why = await reasonFor(each, session);
    if (mark === undefined || why === undefined) continue;
    runner.info(`${each.project}: ${why === 'expired' ? `its time was over at ${mark.expires}` : 'closed'}`);
    try {
      await closePreview(mark.number, why, session, place);
      reaped += 1;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      runner.warning(error.message);
      failure ??= error;
    }
  }
  runner.output('state', 'reaped');
  runner.info(`${all.length} previews of ${request.repository} were here; ${reaped} were taken down.`);
  if (failure !== undefined) throw failure;
}

async function reasonFor(
  { project, marks }: Standing,
  { show }: Session,
): Promise<'expired' | 'closed' | undefined> {
  const { machine, github, runner } = show.world;
  const mark = newest(marks);
  if (mark === undefined) return undefined;
  if (isExpired(mark, machine.date())) return 'expired';
  try {
    return (await github.pullRequest(mark.number)).open ? undefined : 'closed';
  } catch (error) {
    runner.warning(`${project} stays for now: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

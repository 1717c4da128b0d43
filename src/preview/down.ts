import { type Failure, UserError } from '../core/errors.ts';
import { projectLabel, projectOf } from '../core/preview/identity.ts';
import { newest } from '../core/preview/lifetime.ts';
import type { Place } from './place.ts';
import { type Session, tell } from './session.ts';

/** Takes the preview of a pull request down, verifies that nothing is left, and says so. @throws UserError */
export async function closePreview(
  number: number,
  because: 'closed' | 'expired',
  session: Session,
  place: Place,
): Promise<void> {
  const { request, show } = session;
  const { repository, inputs, trigger } = request;
  const project = projectOf(repository, number);
  const there = await place.standing([`${projectLabel}=${project}`]);
  const marks = there.flatMap((each) => each.marks);
  if (marks.some((each) => each.repository !== repository)) {
    show.world.runner.info(`${project} belongs to another repository and stays.`);
    return;
  }
  show.world.runner.output('project-name', project);
  const left = await place.takeDown(project);
  if (left !== '') throw new UserError(incomplete(left));
  const environment = inputs.environment.replaceAll('{number}', String(number));
  const known = { commit: trigger.head || inputs.commit, environment };
  const { commit, environment: name } = newest(marks) ?? known;
  await tell({ kind: 'closed', because }, { number, commit, environment: name || environment }, session);
}

function incomplete(left: string): Failure {
  return {
    code: 'DOWN_INCOMPLETE',
    what: left,
    why: 'Docker did not remove it, or does not answer.',
    advice:
      'Look at the engine’s own log, and remove what is left by hand. The next scheduled run tries again.',
  };
}

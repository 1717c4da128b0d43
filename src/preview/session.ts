import type { Subject } from '../core/preview/announce-subject.ts';
import type { Mark } from '../core/preview/identity.ts';
import type { PreviewState } from '../core/preview/state.ts';
import type { Artifacts } from '../io/artifacts.ts';
import type { Redacting } from '../redacting.ts';
import type { Run } from '../run.ts';
import { announce } from './announce.ts';
import type { PreviewRequest } from './request.ts';

/** A run of the action `preview` while it goes on. */
export interface Session {
  readonly request: PreviewRequest;
  readonly run: Run;
  readonly show: Redacting;
  readonly artifacts: Artifacts;
  readonly cancelled: AbortSignal;
}

/** Tells people how a preview stands: in the comment, in the deployment, and in this step's outputs. */
export async function tell(
  state: PreviewState,
  about: Pick<Mark, 'number' | 'commit' | 'environment'>,
  { request, show }: Session,
): Promise<void> {
  const { world } = show;
  const { repository, runUrl, inputs } = request;
  const { number, commit, environment } = about;
  const subject: Subject = { repository, runUrl, number, commit, environment, comment: inputs.comment };
  const { comment, deployment } = await announce(state, subject, world);
  const { runner } = world;
  runner.output('state', state.kind);
  if (comment !== undefined) runner.output('comment-id', String(comment));
  if (deployment !== undefined) runner.output('deployment-id', String(deployment));
  if (state.kind !== 'ready') return;
  runner.output('url', state.urls[0]?.url ?? '');
  runner.output('urls', JSON.stringify(Object.fromEntries(state.urls.map(({ name, url }) => [name, url]))));
}

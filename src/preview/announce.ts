import { UserError } from '../core/errors.ts';
import { commentText, ownComments } from '../core/preview/announce-comment.ts';
import {
  deploymentStatus,
  newDeployment,
  ownDeployments,
  replacedStatus,
} from '../core/preview/announce-deployment.ts';
import type { Subject } from '../core/preview/announce-subject.ts';
import { githubFailure } from '../core/preview/github-failure.ts';
import type { PreviewState } from '../core/preview/state.ts';
import type { GitHub } from '../io/github.ts';
import type { Runner } from '../io/runner.ts';

export interface Announced {
  /** The id of the pull request's one comment. */
  readonly comment?: number;
  /** The id of the deployment of this commit. */
  readonly deployment?: number;
}

/**
 * Tells GitHub where a preview stands: in the one comment of its pull request, and in the deployment of its commit. Never
 * throws: a preview that runs is no failure because GitHub was not told, so whatever is refused is one warning.
 */
export async function announce(
  state: PreviewState,
  subject: Subject,
  { github, runner }: { readonly github: GitHub; readonly runner: Pick<Runner, 'warning'> },
): Promise<Announced> {
  const refusals: UserError[] = [];
  const attempt = (act: () => Promise<number | undefined>) =>
    act().catch((error: unknown) => {
      refusals.push(
        error instanceof UserError ? error : githubFailure('what it knows', { message: String(error) }),
      );
      return undefined;
    });
  const comment = subject.comment ? await attempt(() => tellComment(state, subject, github)) : undefined;
  const deployment = await attempt(() => tellDeployment(state, subject, github));
  const [first] = refusals;
  if (first !== undefined) {
    const { why, advice } = first.failure;
    const what = [...new Set(refusals.map(({ failure }) => failure.what))].join('\n');
    runner.warning(`${what}\nWhy: ${why}\nWhat to do: ${advice}`, 'preview: not all is told on GitHub');
  }
  return {
    ...(comment === undefined ? {} : { comment }),
    ...(deployment === undefined ? {} : { deployment }),
  };
}

/** A preview that nobody heard of ends without a word. */
async function tellComment(
  state: PreviewState,
  subject: Subject,
  github: GitHub,
): Promise<number | undefined> {
  const self = await github.self();
  const find = async () => ownComments(await github.comments(subject.number), subject, self);
  const text = commentText(state, subject);
  let [first, ...others] = await find();
  if (first === undefined) {
    if (state.kind === 'closed') return undefined;
    await github.createComment(subject.number, text);
    // Another run may have begun one at the same moment. The oldest stays.
    [first, ...others] = await find();
  }
  if (first !== undefined && first.body !== text) await github.updateComment(first.id, text);
  for (const { id } of others) await github.deleteComment(id);
  return first?.id;
}

async function tellDeployment(
  state: PreviewState,
  subject: Subject,
  github: GitHub,
): Promise<number | undefined> {
  const own = ownDeployments(await github.deployments(subject.environment), subject);
  const status = deploymentStatus(state, subject);
  if (state.kind === 'closed') {
    await endDeployments(
      own.map(({ id }) => id),
      status,
      github,
    );
    return own[0]?.id;
  }
  const [newest] = own;
  const isKnown = newest?.commit === subject.commit;
  const id = isKnown ? newest.id : await github.createDeployment(newDeployment(subject));
  await github.setDeploymentStatus(id, status);
  // While the new one is built the older one still answers.
  const older = state.kind === 'building' ? [] : own.filter((each) => each.id !== id).map((each) => each.id);
  await endDeployments(older, replacedStatus(subject), github);
  return id;
}

/** Ends deployments, the newest first, up to one that has been ended before: so have all that are older. */
async function endDeployments(
  ids: readonly number[],
  status: ReturnType<typeof replacedStatus>,
  github: GitHub,
): Promise<void> {
  for (const id of ids) {
    if ((await github.deploymentState(id)) === 'inactive') return;
    await github.setDeploymentStatus(id, status);
  }
}

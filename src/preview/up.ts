import { checkEngine } from '../check-engine.ts';
import { type Failure, UserError } from '../core/errors.ts';
import { type Mark, projectLabel, projectOf, timestamp } from '../core/preview/identity.ts';
import { oldest } from '../core/preview/lifetime.ts';
import type { PullRequest } from '../core/preview/pull-request.ts';
import { renderPreview } from '../core/preview/render.ts';
import type { PreviewUrl } from '../core/preview/state.ts';
import type { Task } from '../core/preview/trigger.ts';
import { closePreview } from './down.ts';
import { failPreview } from './fail.ts';
import type { Place } from './place.ts';
import { prepare } from './prepare.ts';
import { type Session, tell } from './session.ts';

type Up = Extract<Task, { kind: 'up' }>;

/**
 * Brings the preview of a pull request up, or makes it what its new head wants. GitHub is asked before and after: what is closed
 * meanwhile does not stay, and what has a newer head leaves the last word to the run of that.
 */
export async function upPreview(task: Up, session: Session, place: Place): Promise<void> {
  const { world } = session.show;
  const { number, commit } = task;
  if (!(await mayBegin(task, session, place))) return;
  session.run.engine = await checkEngine(world);
  const project = projectOf(session.request.repository, number);
  const marks = await marksOf(project, task, session, place);
  session.run.project = project;
  await tell({ kind: 'building' }, marks.mark, session);
  let urls: readonly PreviewUrl[];
  try {
    urls = await launch(project, marks, session, place);
  } catch (error) {
    if (session.cancelled.aborted) throw error;
    return failPreview(error, marks.mark, session, place);
  }
  const now = await pullRequestNow(number, session).catch(() => undefined);
  if (now === undefined) world.runner.warning('GitHub does not say whether the pull request is still open.');
  if (now?.open === false) {
    world.runner.info('The pull request was closed while its preview was made.');
    return closePreview(number, 'closed', session, place);
  }
  if (now !== undefined && now.head !== commit) return leaveToNext(now, session);
  await tell({ kind: 'ready', urls, expires: marks.mark.expires }, marks.mark, session);
  for (const { name, url } of urls) world.runner.info(`${name}: ${url}`);
}

/** False where there is nothing to bring up any more; what was there of it is gone then. */
async function mayBegin({ number, commit }: Up, session: Session, place: Place): Promise<boolean> {
  const { request, show } = session;
  const now = await pullRequestNow(number, session);
  if (!now.open) {
    show.world.runner.info(`Pull request ${number} is closed.`);
    await closePreview(number, 'closed', session, place);
    return false;
  }
  if (now.head !== commit) {
    if (request.inputs.commit !== '') throw new UserError(otherHead(now, commit));
    leaveToNext(now, session);
    return false;
  }
  if (now.fork && request.trigger.event !== 'workflow_dispatch') throw new UserError(forked(number));
  return true;
}

/** The event already says most of it; where GitHub refuses to tell, that has to do. */
async function pullRequestNow(number: number, { request, show }: Session): Promise<PullRequest> {
  try {
    return await show.world.github.pullRequest(number);
  } catch (error) {
    const { trigger } = request;
    if (trigger.number !== number || trigger.head === '') throw error;
    show.world.runner.warning(error instanceof Error ? error.message : String(error));
    return { number, open: trigger.open, head: trigger.head, fork: trigger.fork };
  }
}

function leaveToNext({ number, head }: PullRequest, { show }: Session): void {
  show.world.runner.info(
    `Pull request ${number} has a newer head, ${head.slice(0, 12)}: the run for that says how its preview stands.`,
  );
  show.world.runner.output('state', 'superseded');
}

/** @throws UserError where the project is another repository's. */
async function marksOf(
  project: string,
  { number, commit }: Up,
  { request, show }: Session,
  place: Place,
): Promise<{ readonly mark: Mark; readonly settled: Mark }> {
  const { repository, inputs } = request;
  const now = show.world.machine.date();
  const there = await place.standing([`${projectLabel}=${project}`]);
  const marks = there.flatMap((each) => each.marks);
  const foreign = marks.find((each) => each.repository !== repository);
  if (foreign !== undefined) throw new UserError(taken(project, foreign));
  const first = oldest(marks);
  const mark: Mark = {
    repository,
    number,
    commit,
    environment: inputs.environment.replaceAll('{number}', String(number)),
    created: first?.created ?? timestamp(now),
    expires: timestamp(now + inputs.ttl),
  };
  return { mark, settled: first ?? mark };
}

async function launch(
  project: string,
  marks: { readonly mark: Mark; readonly settled: Mark },
  session: Session,
  place: Place,
): Promise<readonly PreviewUrl[]> {
  const { request, run, show, cancelled } = session;
  const { machine, runner } = show.world;
  const { timeout } = request.inputs;
  const directory = machine.folder(project);
  await machine.makeFolder(directory);
  run.directory = directory;
  const done = new AbortController();
  const late = new AbortController();
  void machine.sleep(timeout, done.signal).then(() => late.abort());
  try {
    const deployment = await prepare({ project, ...marks }, directory, session, place);
    await place.check(deployment);
    const rendered = renderPreview(deployment);
    runner.output('project-name', project);
    const signal = AbortSignal.any([cancelled, late.signal]);
    await place.launch({ deployment, rendered, directory, signal, timeout });
    return await place.urls(deployment);
  } finally {
    done.abort();
  }
}

function taken(project: string, { repository, number }: Mark): Failure {
  return {
    code: 'PREVIEW_NAME_TAKEN',
    what: `${project} is the preview of pull request ${number} of ${repository}.`,
    why: 'Two repositories with the same name have their previews in one place.',
    advice: 'Give one of them another place, or rename it: previews of one are never touched by the other.',
  };
}

function otherHead({ number, head }: PullRequest, commit: string): Failure {
  return {
    code: 'PREVIEW_HEAD_MOVED',
    what: `The head of pull request ${number} is ${head.slice(0, 12)}, not ${commit.slice(0, 12)}.`,
    why: 'It was pushed to since that commit was looked at.',
    advice: 'Look at what is new, and start the workflow again with the new commit.',
  };
}

function forked(number: number): Failure {
  return {
    code: 'PREVIEW_FORK_REFUSED',
    what: `Pull request ${number} comes from a fork, whose code is not run by this event.`,
    why: 'It would run on your machines, beside your secrets.',
    advice: 'Read it, then start the workflow by hand (workflow_dispatch) with `pull-request` and `commit`.',
  };
}

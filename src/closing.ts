import type { Failure } from './core/errors.ts';
import { annotation } from './core/report.ts';
import { renderAfter } from './core/summary/summary.ts';
import type { Evidence } from './evidence/collect.ts';
import { whatFell } from './fallen.ts';
import type { Artifacts } from './io/artifacts.ts';
import { keepArchives } from './keep-archives.ts';
import { keepEvidence, uploadEvidence } from './keep-evidence.ts';
import { phase } from './phase.ts';
import type { Redacting } from './redacting.ts';
import { type Closing, readStory } from './story.ts';
import { removal, takeDown } from './take-down.ts';
import type { World } from './world.ts';

/**
 * Time for the parts, in milliseconds. GitHub ends a cancelled job five minutes after the cancellation
 * (docs.github.com, workflow cancellation reference); what tells of a failure and what cleans up must be done by then.
 */
const budgets = {
  look: 20_000,
  evidence: 60_000,
  archives: 150_000,
  teardown: 180_000,
  upload: 120_000,
  summary: 10_000,
};
const whenCancelled = { ...budgets, evidence: 20_000, upload: 60_000 };

/**
 * Evidence first, then the teardown, then what can wait. Each part stands alone; nothing here throws.
 * `onLeft` is told when something of the project is left, or may be.
 */
export async function close(
  closing: Closing,
  show: Redacting,
  artifacts: Artifacts,
  onLeft: (problem: string) => void,
): Promise<void> {
  const { world } = show;
  const { project, logs } = closing;
  const story = await readStory(closing, world);
  if (story.model !== undefined) await show.hide(story.model);
  const time = story.outcome === 'cancelled' ? whenCancelled : budgets;
  const fallen = (await phase('Look', time.look, world, () => whatFell(project, story, world))) ?? [];
  for (const failure of fallen) tell(failure, world);
  const wanted = logs.when === 'always' || (logs.when === 'on-failure' && story.outcome !== 'success');
  const evidence = wanted
    ? await phase('Evidence', time.evidence, world, () => keepEvidence(closing, story, time.evidence, show))
    : undefined;
  // Within its own limit it says what went wrong as a line of the log, which a phase that is late could not.
  const limit = time.archives - 15_000;
  await phase('Warm starts', time.archives, world, () => keepArchives(closing, story, limit, world));
  const left = await phase('Teardown', time.teardown, world, () => tearDown(closing, world));
  if (left !== '') onLeft(left ?? removal(project));
  const artifact =
    evidence === undefined
      ? undefined
      : await phase('Upload', time.upload, world, () =>
          uploadEvidence(logs, evidence, time.upload, artifacts, world),
        );
  await phase('Summary', time.summary, world, () => sumUp(fallen, evidence, artifact, show));
}

/** The job has its result and its first error; what fell meanwhile is a warning beside them. */
function tell(failure: Failure, { runner }: World): void {
  const { title, text } = annotation(failure, '');
  runner.warning(text, title);
}

/** What is left, in words; empty where nothing is, or where it is to stay. */
async function tearDown({ project, directory, teardown }: Closing, world: World): Promise<string> {
  const { runner, machine } = world;
  runner.openGroup('Teardown');
  if (teardown === 'never') {
    runner.info(`Project ${project} stays up (teardown: never). ${removal(project)}`);
    return '';
  }
  const left = await takeDown(project, world);
  if (left !== '') return left;
  try {
    await machine.removeFolder(directory);
  } catch (error) {
    runner.warning(`The run’s folder could not be removed: ${String(error)}`);
  }
  return '';
}

async function sumUp(
  fallen: readonly Failure[],
  evidence: Evidence | undefined,
  artifact: { readonly name: string; readonly url?: string } | undefined,
  { world, warnings }: Redacting,
): Promise<void> {
  const markdown = renderAfter({
    fallen,
    warnings,
    ...(evidence === undefined ? {} : { folder: evidence.folder }),
    ...(artifact === undefined ? {} : { artifact }),
  });
  if (markdown !== '') await world.runner.summary(markdown);
}

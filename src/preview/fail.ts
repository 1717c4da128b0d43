import { join } from 'node:path';
import { knownCause } from '../core/causes/known-causes.ts';
import { UserError } from '../core/errors.ts';
import { artifactName } from '../core/log-wishes.ts';
import type { Mark } from '../core/preview/identity.ts';
import { createRedactor } from '../core/redaction/redactor.ts';
import { annotation } from '../core/report.ts';
import type { Evidence } from '../evidence/collect.ts';
import { keepEvidence, uploadEvidence } from '../keep-evidence.ts';
import { phase } from '../phase.ts';
import type { Redacting } from '../redacting.ts';
import { explainFailure, reportFailure } from '../report-failure.ts';
import { readStory } from '../story.ts';
import type { Place } from './place.ts';
import { type Session, tell } from './session.ts';

/** Milliseconds. */
const budget = 60_000;
/** Lines of a log that the step's own shows. */
const shown = 60;

/** Tells why a preview did not come up: evidence is kept first, then people are told. What is there of it stays for a look. */
export async function failPreview(error: unknown, mark: Mark, session: Session, place: Place): Promise<void> {
  const { run, show, artifacts } = session;
  const { world } = show;
  const { runner, machine } = world;
  const [job, attempt] = [
    runner.variable('GITHUB_JOB') || 'job',
    runner.variable('GITHUB_RUN_ATTEMPT') || '1',
  ];
  run.artifact = artifactName({ job, attempt, matrix: 'null', salt: machine.salt() });
  const known = error instanceof UserError ? await causeOf(error, session, place) : error;
  const { failure } = await explainFailure(known, run, world);
  await reportFailure(known, run, show);
  const { project = '', directory = '', artifact } = run;
  const logs = { when: 'on-failure', artifact, include: [] } as const;
  const closing = { project, directory, logs, teardown: 'never', jobStatus: 'failure' } as const;
  const story = await readStory(closing, world);
  const kept = await phase('Evidence', budget, world, () => keepEvidence(closing, story, budget, show));
  const evidence = await phase('Evidence of the place', budget, world, () =>
    addRecords(kept, project, show, place),
  );
  if (evidence !== undefined)
    await phase('Upload', budget, world, () => uploadEvidence(logs, evidence, budget, artifacts, world));
  const { title, text } = annotation(failure, '');
  await tell({ kind: 'failed', title, text }, mark, session);
}

/** The cause as the place's own logs tell it, where the engine has none by the name of the project. */
async function causeOf(error: UserError, { run, show }: Session, { remote }: Place): Promise<UserError> {
  const { project = '', catalogue } = run;
  const { system } = error.failure;
  if (system === undefined || remote === undefined) return error;
  const log = await remote.log(project, system);
  show.world.runner.foreign(`The end of ${system}'s log`, log.split('\n').slice(-shown).join('\n').trimEnd());
  return new UserError(knownCause(error.failure, { log, system: catalogue?.systems.get(system) }));
}

/** Adds what only the place knows, redacted like the rest. */
async function addRecords(
  evidence: Evidence | undefined,
  project: string,
  show: Redacting,
  { remote }: Place,
): Promise<Evidence | undefined> {
  if (evidence === undefined || remote === undefined) return evidence;
  const redactor = createRedactor(show.secrets(), show.published());
  const files = await Promise.all(
    (await remote.records(project)).map(async ({ name, text }) => {
      const file = join(evidence.folder, name);
      await show.world.machine.writeText(file, redactor.text(text));
      return file;
    }),
  );
  return { ...evidence, files: [...evidence.files, ...files] };
}

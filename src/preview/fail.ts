import { UserError } from '../core/errors.ts';
import { artifactName } from '../core/log-wishes.ts';
import type { Mark } from '../core/preview/identity.ts';
import { annotation } from '../core/report.ts';
import { keepEvidence, uploadEvidence } from '../keep-evidence.ts';
import { phase } from '../phase.ts';
import { explainFailure, reportFailure } from '../report-failure.ts';
import { readStory } from '../story.ts';
import { type Session, tell } from './session.ts';

/** Milliseconds. */
const budget = 60_000;

/** Tells why a preview did not come up: evidence is kept first, then people are told. What is there of it stays for a look. */
export async function failPreview(error: unknown, mark: Mark, session: Session): Promise<void> {
  const { run, show, artifacts } = session;
  const { world } = show;
  const { runner, machine } = world;
  const [job, attempt] = [
    runner.variable('GITHUB_JOB') || 'job',
    runner.variable('GITHUB_RUN_ATTEMPT') || '1',
  ];
  run.artifact = artifactName({ job, attempt, matrix: 'null', salt: machine.salt() });
  const { failure } = await explainFailure(error, run, world);
  await reportFailure(error instanceof UserError ? new UserError(failure) : error, run, show);
  const { project = '', directory = '', artifact } = run;
  const logs = { when: 'on-failure', artifact, include: [] } as const;
  const closing = { project, directory, logs, teardown: 'never', jobStatus: 'failure' } as const;
  const story = await readStory(closing, world);
  const evidence = await phase('Evidence', budget, world, () => keepEvidence(closing, story, budget, show));
  if (evidence !== undefined)
    await phase('Upload', budget, world, () => uploadEvidence(logs, evidence, budget, artifacts, world));
  const { title, text } = annotation(failure, '');
  await tell({ kind: 'failed', title, text }, mark, session);
}

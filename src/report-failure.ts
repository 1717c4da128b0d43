import { knownCause } from './core/causes/known-causes.ts';
import { type Failure, UserError } from './core/errors.ts';
import { annotation } from './core/report.ts';
import { renderSummary } from './core/summary/summary.ts';
import type { Redacting } from './redacting.ts';
import { leaveRecord, type Run } from './run.ts';
import { readObservation } from './watch.ts';
import type { World } from './world.ts';

/** Lines of the failing system's log: that a cause is looked for in, that the step's log and summary show, that the annotation carries. */
const read = 2000;
const shown = 60;
const annotated = 10;

/** One annotation that names the system, the cause and what to do; the end of the log stands beside it, and in the summary. */
export async function reportFailure(error: unknown, run: Run, show: Redacting): Promise<void> {
  const { world } = show;
  const { failure, log } = await explainFailure(error, run, world);
  const end = lastLines(log, shown);
  if (end !== '') world.runner.foreign(`The end of ${failure.system}'s log`, end);
  const { title, text } = annotation(failure, lastLines(log, annotated));
  world.runner.fail(title, text);
  const record = await leaveRecord(run, 'failure', show, failure);
  const artifact = run.artifact === undefined ? {} : { artifact: { name: run.artifact } };
  await world.runner.summary(renderSummary({ record, failureLog: end, ...artifact }));
}

/** The failure with its cause, and the end of the log of the system at fault. */
export async function explainFailure(
  error: unknown,
  run: Run,
  world: World,
): Promise<{ failure: Failure; log: string }> {
  if (!(error instanceof UserError)) return { failure: defect(error), log: '' };
  const { failure } = error;
  const { system } = failure;
  if (run.project === undefined || system === undefined) return { failure, log: '' };
  const { log, ...state } = await lookAt(system, run.project, world);
  const entry = run.catalogue?.systems.get(system);
  const lastAnswer = run.lanes?.get(system)?.probes.at(-1)?.answer;
  const facts = {
    log,
    system: entry,
    ...state,
    ...(lastAnswer === undefined ? {} : { lastAnswer }),
  };
  return { failure: knownCause(failure, facts), log };
}

/** The end of a system's log, and how its container stands. */
async function lookAt(system: string, project: string, world: World) {
  const containers = await world.docker.containers(project);
  const ids = containers.flatMap(({ id, service }) => (service === system ? [id] : []));
  if (ids.length === 0) return { log: '' };
  const logs = await Promise.all(ids.map((id) => world.docker.logs(id, read)));
  const { stdout } = await world.docker.inspect(ids);
  const [seen] = stdout.split('\n').flatMap(readObservation);
  const log = logs.join('\n').trim();
  return seen === undefined ? { log } : { log, exitCode: seen.exitCode, oomKilled: seen.oomKilled };
}

function defect(error: unknown): Failure {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'INTERNAL',
    what: 'infra-action failed where it must not.',
    why: `This is a defect of infra-action itself.\n${text}`,
    advice: 'Report it at https://github.com/paklog/infra-action/issues with the text above.',
  };
}

function lastLines(text: string, count: number): string {
  return text.split('\n').slice(-count).join('\n');
}

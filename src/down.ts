import { close } from './closing.ts';
import { type Failure, inputFailure, type Problem, quote } from './core/errors.ts';
import { artifactName, logInputNames, readLogWishes } from './core/log-wishes.ts';
import { projectNameRule } from './core/project.ts';
import { annotation } from './core/report.ts';
import type { Artifacts } from './io/artifacts.ts';
import { redacting } from './redacting.ts';
import { cacheFolder } from './run.ts';
import type { World } from './world.ts';

/**
 * The action `down`: takes down a stack that was kept (`teardown: never`), by the name of its project, evidence first.
 * Unlike post it fails when something is left, since taking down is all it is asked for.
 */
export async function down(outside: World, artifacts: Artifacts): Promise<void> {
  const { runner, machine } = outside;
  const problems: Problem[] = [];
  const raw = Object.fromEntries(
    ['project-name', ...logInputNames].map((name) => [name, runner.input(name)]),
  );
  const project = (raw['project-name'] ?? '').trim();
  if (!projectNameRule.test(project))
    problems.push({ where: 'project-name', what: `${quote(project)} is not the name of a Compose project` });
  const wishes = readLogWishes(raw, 'always', (problem) => problems.push(problem));
  if (problems.length > 0) {
    const { title, text } = annotation(inputFailure(problems).failure, '');
    return runner.fail(title, text);
  }
  const parts = {
    job: runner.variable('GITHUB_JOB') || 'job',
    attempt: runner.variable('GITHUB_RUN_ATTEMPT') || '1',
    matrix: runner.input('matrix'),
    salt: machine.salt(),
  };
  const logs = { ...wishes, artifact: wishes.artifact || artifactName(parts) };
  runner.output('logs-path', machine.logsFolder(project));
  runner.output('logs-artifact', logs.artifact);
  const closing = { project, directory: machine.folder(project), logs, teardown: 'always' } as const;
  const show = await redacting(outside);
  await close({ ...closing, jobStatus: runner.input('job-status') }, show, artifacts, (left) => {
    const { title, text } = annotation(incomplete(left), '');
    show.world.runner.fail(title, text);
  });
  show.world.cache.close();
  await machine.removeFolder(cacheFolder(closing.directory));
}

function incomplete(left: string): Failure {
  return {
    code: 'DOWN_INCOMPLETE',
    what: left,
    why: 'Docker did not remove it, or does not answer.',
    advice: 'Look at the engine’s own log, and remove what is left by hand.',
  };
}

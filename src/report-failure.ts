import { UserError } from './core/errors.ts';
import { annotation } from './core/report.ts';
import type { World } from './world.ts';

/** Lines of the failing system's log that the annotation carries, and that the step's log shows. */
const annotated = 10;
const shown = 60;

/** One annotation that names the system, the cause and what to do; the end of the log stands beside it. */
export async function reportFailure(
  error: unknown,
  project: string | undefined,
  world: World,
): Promise<void> {
  if (!(error instanceof UserError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.runner.fail(
      'infra-action: INTERNAL',
      `This is a defect of infra-action; please report it.\n${text}`,
    );
    return;
  }
  const { failure } = error;
  const log =
    project === undefined || failure.system === undefined ? '' : await logOf(project, failure.system, world);
  if (log !== '') world.runner.foreign(`The end of ${failure.system}'s log`, log);
  const { title, text } = annotation(failure, log.split('\n').slice(-annotated).join('\n'));
  world.runner.fail(title, text);
  const quoted = text.split('\n').map((line) => `> ${line}`);
  await world.runner.summary([`### ${title}`, '', ...quoted, ''].join('\n'));
}

async function logOf(project: string, system: string, world: World): Promise<string> {
  const { stdout } = await world.docker.containers(project);
  const ids = stdout
    .split('\n')
    .flatMap((line) => (line.endsWith(` ${system}`) ? [line.split(' ')[0] ?? ''] : []));
  const logs = await Promise.all(ids.map((id) => world.docker.logs(id, shown)));
  return logs.join('\n').trim();
}

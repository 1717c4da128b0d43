import { explain } from '../core/causes/explain.ts';
import { UserError } from '../core/errors.ts';
import type { World } from '../world.ts';

export interface Building {
  readonly project: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Has the engine build the images of services; what it says stands in a group of the log. @throws UserError */
export async function buildImages(
  services: readonly string[],
  { project, file, env, signal }: Building,
  { compose, runner }: World,
): Promise<void> {
  if (services.length === 0) return;
  runner.info(`Building ${services.join(', ')}.`);
  const result = await compose.build(project, file, services, { env, signal });
  runner.foreign('Build', `${result.stdout}${result.stderr}`.trimEnd());
  if (signal.aborted) throw buildLate(services);
  if (result.exitCode !== 0) throw new UserError(explain(result));
}

/** Pushes what was built to where all nodes can pull it. @throws UserError */
export async function pushImages(
  services: readonly string[],
  { project, file, signal }: Building,
  { compose, runner }: World,
): Promise<void> {
  if (services.length === 0) return;
  runner.info(`Pushing ${services.join(', ')}.`);
  const result = await compose.push(project, file, services, signal);
  if (signal.aborted) throw buildLate(services);
  if (result.exitCode !== 0) throw new UserError(explain(result));
}

function buildLate(services: readonly string[]): UserError {
  return new UserError({
    code: 'NOT_READY',
    what: `Building and pushing ${services.join(', ')} did not end in time.`,
    why: '`timeout` is for everything, builds included.',
    advice:
      'Raise `timeout`, or make the build faster: a cache of its layers on the preview’s host helps most.',
  });
}

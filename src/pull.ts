import { explain } from './core/causes/explain.ts';
import type { CommandResult } from './core/command.ts';
import { type Failure, UserError } from './core/errors.ts';
import { plain } from './core/markdown.ts';
import { hasDigest } from './core/mirror.ts';
import type { Pull } from './core/plan.ts';
import { seconds } from './core/report.ts';
import { mostTries, retryDelay } from './core/retry.ts';
import type { World } from './world.ts';

/** What ends a pull from outside. */
export interface Limits {
  readonly signal: AbortSignal;
  /** The moment by the machine's clock at which everything has to work. */
  readonly deadline: number;
}

/** A mirror has a second place behind it: it is asked once more, no more. */
const triesOfMirror = 2;

/**
 * Pulls images, from their mirror first where they have one. The function it returns gives the name under which the engine
 * has the image then; after an abort it returns, too.
 * @throws UserError
 */
export function puller(world: World, limits: Limits): (pull: Pull) => Promise<string> {
  const { signal } = limits;
  let warned = false;
  let unreachable = false;
  const fromMirror = async (pull: Pull, mirror: string): Promise<string | undefined> => {
    const had = await world.docker.hasImages([mirror]);
    const refused = await tryPull(pull, mirror, triesOfMirror, world, limits);
    if (signal.aborted) return pull.image;
    const failure = refused ?? (await rename(pull, mirror, had, world));
    if (failure === undefined) return hasDigest(pull.image) ? mirror : pull.image;
    unreachable ||= failure.code === 'PULL_NETWORK' || failure.code === 'DOCKER_TIMEOUT';
    if (!warned) world.runner.warning(mirrorWarning(pull.image, mirror, failure, unreachable));
    warned = true;
    return undefined;
  };
  return async (pull) => {
    const { image, mirror } = pull;
    const name = mirror === undefined || unreachable ? undefined : await fromMirror(pull, mirror);
    if (name !== undefined) return name;
    const failure = await tryPull(pull, image, mostTries, world, limits);
    if (failure !== undefined && !signal.aborted) throw new UserError(failure);
    return image;
  };
}

/** Asks for an image until it is there, cannot be had, or an abort ends it all. */
async function tryPull(
  { image, platform, services }: Pull,
  name: string,
  most: number,
  world: World,
  { signal, deadline }: Limits,
): Promise<Failure | undefined> {
  const [system] = services;
  const about = { image, ...(system === undefined ? {} : { system }) };
  for (let tried = 1; ; tried += 1) {
    const result = await world.docker.pull(name, platform, signal);
    if (signal.aborted) return undefined;
    if (result.exitCode === 0) {
      if (tried > 1) world.runner.info(`${name}: pulled, at try ${tried} of ${most}`);
      return undefined;
    }
    const failure = explain(result, about);
    const delay = retryDelay(failure.code, tried, world.machine.random(), most);
    if (delay === undefined || world.machine.now() + delay >= deadline)
      return tried === 1 ? failure : { ...failure, what: `${failure.what} It was tried ${tried} times.` };
    const next = `trying again in ${seconds(delay)} s (${tried + 1} of ${most})`;
    world.runner.info(`${name}: ${trouble(result)}; ${next}`);
    await world.machine.sleep(delay, signal);
    if (signal.aborted) return undefined;
  }
}

/** Gives an image from a mirror its own name, and takes the mirror's away where it was not here before. */
async function rename(
  { image }: Pull,
  mirror: string,
  had: boolean,
  { docker }: World,
): Promise<Failure | undefined> {
  if (hasDigest(image)) return undefined;
  const tagged = await docker.tag(mirror, image);
  if (tagged.exitCode !== 0) return explain(tagged, { image });
  if (!had) await docker.removeNames([mirror]);
  return undefined;
}

function mirrorWarning(image: string, mirror: string, { why }: Failure, unreachable: boolean): string {
  const reason = plain((why.split('\n').at(-1) ?? '').replace(/^Docker says: /, ''));
  const others = unreachable ? 'everything else' : 'whatever else the mirror does not have';
  return `The registry mirror did not serve ${mirror} (${reason}). ${image} is pulled from docker.io, and so is ${others}.`;
}

/** The end of what Docker said: it goes from what was asked to what went wrong. */
export function trouble({ stderr }: CommandResult): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return plain(line.split(': ').at(-1) ?? '', 100);
}

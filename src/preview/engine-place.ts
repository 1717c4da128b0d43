import { UserError } from '../core/errors.ts';
import { asString } from '../core/json.ts';
import { door } from '../core/preview/deployment.ts';
import { urlOf } from '../core/preview/exposure.ts';
import { type Mark, markOf, projectLabel } from '../core/preview/identity.ts';
import { builtImage, builtServices } from '../core/preview/render.ts';
import { secretVariables } from '../core/preview/secret-variables.ts';
import type { Thing, ThingKind } from '../io/preview-docker.ts';
import { modelFile } from '../run.ts';
import { takeDown } from '../take-down.ts';
import type { World } from '../world.ts';
import { buildImages } from './build.ts';
import type { Launch, Place, Standing } from './place.ts';
import { observe, untilWorks } from './until-works.ts';

const kinds = ['container', 'network', 'volume', 'image'] as const;

/** Previews as Compose projects on one engine, here or elsewhere. */
export function enginePlace(world: World): Place {
  return {
    standing: (labels) => standingOf(kinds, labels, world),
    taken: () => world.previews.publishedPorts(),
    check: async () => {},
    launch: (launch) => launchProject(launch, world),
    urls: async (deployment) =>
      deployment.exposures.map((at) => urlOf(at, deployment, deployment.ports.get(door(at)))),
    takeDown: (project) => takeDownWhole(project, world),
  };
}

/**
 * A container that Compose makes anew takes over the volumes that its image declares. They are named then, as far as Docker
 * knows, and `down` leaves them.
 */
async function takeDownWhole(project: string, world: World): Promise<string> {
  const loose = await looseVolumes(project, world);
  const left = await takeDown(project, world);
  if (left !== '') return left;
  if (loose.length > 0) await world.previews.removeVolumes(loose);
  await removeImages(project, [], world);
  return '';
}

async function looseVolumes(project: string, { docker, previews }: World): Promise<readonly string[]> {
  return previews.looseVolumes((await docker.containers(project)).map(({ id }) => id));
}

/** What carries the labels, by project. */
export async function standingOf(
  kinds: readonly ThingKind[],
  labels: readonly string[],
  { previews }: World,
): Promise<readonly Standing[]> {
  const things = (await Promise.all(kinds.map((kind) => previews.labelled(kind, labels)))).flat();
  const projects = new Map<string, Mark[]>();
  for (const { labels: own } of things) {
    const project = asString(own[projectLabel]);
    const mark = markOf(own);
    if (project !== undefined && mark !== undefined)
      projects.set(project, [...(projects.get(project) ?? []), mark]);
  }
  return [...projects].map(([project, marks]) => ({ project, marks }));
}

async function launchProject(launch: Launch, world: World): Promise<void> {
  const { deployment, directory, timeout } = launch;
  const { project } = deployment;
  const { model: rendered, files } = secretVariables(launch.rendered);
  const env = await readAll(files, world);
  const file = modelFile(directory);
  await world.machine.writeText(file, JSON.stringify(rendered));
  await buildImages(builtServices(deployment), { project, file, env, signal: launch.signal }, world);
  const before = await observe(project, world);
  const loose = await looseVolumes(project, world);
  const failed = new AbortController();
  const signal = AbortSignal.any([launch.signal, failed.signal]);
  world.runner.info(`Bringing ${project} up.`);
  const done = world.compose.up(project, file, { env, signal });
  try {
    await untilWorks({ project, rendered, done, signal: launch.signal, timeout }, before, world);
  } catch (error) {
    // Compose would go on, and its end would meet what comes next.
    failed.abort();
    await done;
    throw error;
  }
  const { previews, docker } = world;
  const ids = (await docker.containers(project)).map(({ id }) => id);
  await previews.keepRunning(await runningOf(await previews.unguarded(ids), project, world));
  const used = await looseVolumes(project, world);
  const unused = loose.filter((name) => !used.includes(name));
  if (unused.length > 0) await previews.removeVolumes(unused);
  const current = builtServices(deployment).map((service) => builtImage(service, deployment));
  await removeImages(project, current, world);
}

/** Those that still run: what has ended by itself is not to be started again with its host. */
async function runningOf(ids: readonly string[], project: string, world: World): Promise<readonly string[]> {
  const seen = await observe(project, world);
  return ids.filter((id) => seen.some((each) => each.id === id && each.status === 'running'));
}

async function readAll(
  files: ReadonlyMap<string, string>,
  { machine }: World,
): Promise<Readonly<Record<string, string>>> {
  const read = async ([variable, file]: readonly [string, string]) => {
    try {
      return [variable, await machine.readText(file)] as const;
    } catch (error) {
      throw new UserError({
        code: 'COMPOSE_INVALID',
        what: `The secret ${file} cannot be read.`,
        why: error instanceof Error ? error.message : String(error),
        advice: 'Let a step before this one write it, or correct the path under `secrets`.',
      });
    }
  };
  return Object.fromEntries(await Promise.all([...files].map(read)));
}

/** Images that were built for earlier commits; one that something still uses stays. */
export async function removeImages(
  project: string,
  current: readonly string[],
  { previews, docker }: World,
): Promise<void> {
  const images = await previews.labelled('image', [`${projectLabel}=${project}`]);
  const facts = current.length === 0 ? new Map() : await docker.imageFacts(current);
  const kept = new Set([...facts.values()].map(({ id }) => id));
  const old = images.filter(({ id }: Thing) => !kept.has(id)).map(({ id }) => id);
  if (old.length > 0) await previews.removeImages(old);
}

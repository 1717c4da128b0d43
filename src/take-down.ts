import { type LeftoverKind, leftoverKinds } from './io/docker.ts';
import type { World } from './world.ts';

/** Looks for what is left; a `docker compose` that was killed with the job may still be creating. */
const sweeps = 3;

/**
 * Takes a project down with its volumes, sweeps what Compose leaves, and verifies that nothing of it is left.
 * Gives what is left, in words for a person; empty where nothing is.
 */
export async function takeDown(project: string, world: World): Promise<string> {
  const result = await world.compose.down(project);
  if (result.missing) {
    world.runner.info('There is no `docker` here, so nothing can have been started.');
    return '';
  }
  for (let sweep = 0; sweep < sweeps && (await sweepAll(project, world)); sweep += 1)
    await world.machine.sleep(500);
  const left = await leftovers(project, world);
  if (left.some(({ ids }) => ids === undefined))
    return `Docker does not answer, so nobody knows what is left of project ${project}. ${removal(project)}`;
  if (left.length > 0) {
    const what = left.map(({ kind, ids = [] }) => `${ids.length} ${kind}(s)`).join(', ');
    return `Project ${project} could not be taken down whole; left: ${what}. ${removal(project)}`;
  }
  world.runner.info(`Project ${project} is down; no container, network or volume is left.`);
  return '';
}

export function removal(project: string): string {
  return `Remove it with \`docker compose -p ${project} down --volumes\`.`;
}

/** What still carries the project's label; no IDs at all where the engine does not tell. */
async function leftovers(
  project: string,
  world: World,
): Promise<readonly { kind: LeftoverKind; ids: readonly string[] | undefined }[]> {
  const found = await Promise.all(
    leftoverKinds.map(async (kind) => ({ kind, ids: await world.docker.labelled(kind, project) })),
  );
  return found.filter(({ ids }) => ids === undefined || ids.length > 0);
}

/** Removes what is left, containers first; true when there was something. */
async function sweepAll(project: string, world: World): Promise<boolean> {
  const left = await leftovers(project, world);
  for (const { kind, ids = [] } of left) if (ids.length > 0) await world.docker.remove(kind, ids);
  return left.some(({ ids = [] }) => ids.length > 0);
}

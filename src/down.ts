import { decodeState, type RunState } from './core/state.ts';
import { type LeftoverKind, leftoverKinds } from './io/docker.ts';
import type { World } from './world.ts';

/** Looks for what is left; a `docker compose` that was killed with the job may still be creating. */
const sweeps = 3;

/**
 * The action's post phase: takes the project down and verifies that nothing of it is left. It acts on the saved state
 * alone, and nothing that fails here turns a green job red.
 */
export async function down(world: World): Promise<void> {
  const saved = world.runner.state();
  const state = decodeState(saved);
  if (state === undefined) {
    if (saved === '') world.runner.info('Nothing was started, nothing to take down.');
    else
      world.runner.warning(
        'The saved state cannot be read, so nothing was taken down. `docker compose ls` shows what still runs.',
      );
    return;
  }
  if (state.teardown === 'never') {
    world.runner.info(`Project ${state.project} stays up (teardown: never). ${removal(state.project)}`);
    return;
  }
  try {
    await takeDown(state, world);
  } catch (error) {
    world.runner.warning(
      `Taking project ${state.project} down did not end well: ${String(error)}. ${removal(state.project)}`,
    );
  }
}

async function takeDown({ project, directory }: RunState, world: World): Promise<void> {
  const result = await world.compose.down(project);
  if (result.missing)
    return world.runner.info('There is no `docker` here, so nothing can have been started.');
  for (let sweep = 0; sweep < sweeps && (await sweepAll(project, world)); sweep += 1)
    await world.machine.sleep(500);
  const left = await leftovers(project, world);
  const unknown = left.some(({ ids }) => ids === undefined);
  if (unknown || left.length > 0) {
    const what = left.map(({ kind, ids = [] }) => `${ids.length} ${kind}(s)`).join(', ');
    world.runner.warning(
      unknown
        ? `Docker does not answer, so nobody knows what is left of project ${project}. ${removal(project)}`
        : `Project ${project} could not be taken down whole; left: ${what}. ${removal(project)}`,
    );
    return;
  }
  await world.machine.removeFolder(directory);
  world.runner.info(`Project ${project} is down; no container, network or volume is left.`);
}

function removal(project: string): string {
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

import { projectLabel } from '../core/preview/identity.ts';
import type { World } from '../world.ts';
import { removeImages } from './engine-place.ts';

/** Looks for what is left: networks go after the last task on them has ended. */
const sweeps = 40;
const rhythm = 1500;

const kinds = ['service', 'network', 'config', 'secret', 'container'] as const;

/** Takes a stack down and verifies that nothing of it is left. Gives what is left, in words; empty where nothing is. */
export async function takeStackDown(project: string, world: World): Promise<string> {
  const { machine, runner, swarm } = world;
  let left: readonly string[] = [];
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    await swarm.remove(project);
    left = await leftovers(project, world);
    if (left.length === 0) break;
    await machine.sleep(rhythm);
  }
  if (left.length > 0)
    return `Stack ${project} could not be taken down whole; left: ${left.join(', ')}. Remove it with \`docker stack rm ${project}\`.`;
  await removeImages(project, [], world);
  runner.info(`Stack ${project} is down; no service, network, config or secret is left.`);
  return '';
}

async function leftovers(project: string, { previews, swarm }: World): Promise<readonly string[]> {
  const byLabel = (kind: (typeof kinds)[number]) =>
    previews.labelled(kind, [
      kind === 'container' ? `com.docker.stack.namespace=${project}` : `${projectLabel}=${project}`,
    ]);
  const counts = await Promise.all(
    kinds.map(async (kind) => ({ kind: kind as string, count: (await byLabel(kind)).length })),
  );
  const tasks = (await swarm.tasks(project)).filter(({ DesiredState }) => DesiredState === 'running').length;
  return [...counts, { kind: 'task', count: tasks }].flatMap(({ kind, count }) =>
    count === 0 ? [] : [`${count} ${kind}(s)`],
  );
}

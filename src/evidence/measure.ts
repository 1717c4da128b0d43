import type { ContainerFacts } from '../core/evidence/container.ts';
import { gauges, type Resources, statsResources } from '../core/evidence/resources.ts';
import type { Collection } from './collection.ts';

/** What a container has used, from the kernel's own count where the engine runs on this machine. */
export async function measure(
  { id, state }: Pick<ContainerFacts, 'id' | 'state'>,
  { world, signal }: Pick<Collection, 'world' | 'signal'>,
): Promise<Resources> {
  if (state.pid === 0) return { source: 'none: the container does not run, and the kernel has forgotten it' };
  const read = (path: string) => world.machine.readText(path).catch(() => '');
  const own = gauges(await read(`/proc/${state.pid}/cgroup`), id);
  const figures = await Promise.all(own.map(async ({ path, read: decode }) => decode(await read(path))));
  const counted: Partial<Resources> = Object.assign({}, ...figures);
  if (Object.keys(counted).length > 0) return { ...counted, source: 'cgroup' };
  const { stdout } = await world.engine.stats(id, signal);
  return { ...statsResources(stdout.trim()), source: 'docker stats: now, not the peak' };
}

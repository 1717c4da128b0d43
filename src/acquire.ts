import { explain } from './core/causes/explain.ts';
import { UserError } from './core/errors.ts';
import type { Plan, Pull } from './core/plan.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** Pulls at a time; dockerd itself loads three layers at once. */
const pullsAtOnce = 3;

/**
 * Brings images and containers into being. The function it returns resolves for a service once its container exists:
 * pulls run in the plan's order, and containers are created for whatever has its image, one Compose call at a time
 * (two at once would race for the project's network). `onPull` is told of every pull.
 */
export function acquirer(
  plan: Plan,
  modelFile: string,
  watch: Watch,
  world: World,
  signal: AbortSignal,
  onPull: (pull: Pull, moment: 'began' | 'ended') => void = () => {},
): (service: string) => Promise<void> {
  const pulled = new Map(plan.pulls.map((pull) => [pull.image, Promise.withResolvers<void>()]));
  const systems = new Map(plan.systems.map((system) => [system.service, system]));
  void pullAll(plan.pulls, pulled, world, signal, onPull);
  const rank = (service: string) => systems.get(service)?.rank ?? 0;
  const create = creator(rank, plan.project, modelFile, watch, world, signal);
  // A service may join the network or volumes of one that it depends on, and is then refused before that one's container.
  const ready = async (service: string): Promise<void> => {
    const { image = '', after = [] } = systems.get(service) ?? {};
    const first = after.filter(({ condition }) => condition === 'started');
    await Promise.all([pulled.get(image)?.promise, ...first.map((each) => ready(each.service))]);
  };
  return async (service) => {
    await ready(service);
    if (!signal.aborted) await create(service);
  };
}

async function pullAll(
  pulls: readonly Pull[],
  pulled: ReadonlyMap<string, PromiseWithResolvers<void>>,
  world: World,
  signal: AbortSignal,
  onPull: (pull: Pull, moment: 'began' | 'ended') => void,
): Promise<void> {
  const queue = [...pulls];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
      onPull(next, 'began');
      const result = await world.docker.pull(next.image, next.platform, signal);
      if (signal.aborted) return;
      if (result.exitCode === 0) {
        onPull(next, 'ended');
        pulled.get(next.image)?.resolve();
      } else {
        const system = next.services[0];
        const about = { image: next.image, ...(system === undefined ? {} : { system }) };
        pulled.get(next.image)?.reject(new UserError(explain(result, about)));
      }
    }
  };
  await Promise.all(Array.from({ length: pullsAtOnce }, work));
}

/**
 * Creates the containers of all services that are waiting, again and again until none is. Those that the most others wait for
 * come in a call of their own: they start while the rest is created.
 */
function creator(
  rank: (service: string) => number,
  project: string,
  modelFile: string,
  watch: Watch,
  world: World,
  signal: AbortSignal,
): (service: string) => Promise<void> {
  let waiting: { service: string; created: PromiseWithResolvers<void> }[] = [];
  let busy = false;
  let first = true;
  const work = async () => {
    busy = true;
    // One turn of the event loop: services that are ready together are created together.
    await world.machine.sleep(0);
    while (waiting.length > 0) {
      const urgent = first ? Math.max(...waiting.map(({ service }) => rank(service))) : 0;
      const batch = waiting.filter(({ service }) => rank(service) >= urgent);
      waiting = waiting.filter(({ service }) => rank(service) < urgent);
      first = false;
      const services = batch.map(({ service }) => service);
      const result = await world.compose.create(project, modelFile, services, signal);
      const failure = result.exitCode === 0 ? undefined : new UserError(explain(result));
      if (failure === undefined) await watch.discover();
      for (const { created } of batch) failure === undefined ? created.resolve() : created.reject(failure);
    }
    busy = false;
  };
  return (service) => {
    const created = Promise.withResolvers<void>();
    waiting.push({ service, created });
    if (!busy) void work();
    return created.promise;
  };
}

import { explain } from './core/causes/explain.ts';
import { UserError } from './core/errors.ts';
import { asObject } from './core/json.ts';
import { withImages } from './core/mirror.ts';
import type { Plan, Pull } from './core/plan.ts';
import { type Warming, withArchives } from './core/warm/archive.ts';
import type { WarmStarts } from './warm-starts.ts';
import type { Watch } from './watch.ts';
import type { World } from './world.ts';

/** Pulls at a time; dockerd itself loads three layers at once. */
const pullsAtOnce = 3;

/** Is told when the engine is asked for an image, and when it has it. */
export type OnPull = (pull: Pull, moment: 'began' | 'ended') => void;

/**
 * Brings images and containers into being. The function it returns resolves for a service once its container exists:
 * images are got in their `order`, and containers are created for whatever has its image, one Compose call at a time
 * (two at once would race for the project's network). `get` gives the name that the engine has an image under then; `onPull` is told of every pull.
 */
export function acquirer(
  plan: Plan,
  modelFile: string,
  watch: Watch,
  world: World,
  get: (pull: Pull) => Promise<string>,
  signal: AbortSignal,
  onPull: OnPull = () => {},
  warm: Pick<WarmStarts, 'settle'> = { settle: async () => undefined },
  order: Promise<readonly Pull[]> = Promise.resolve(plan.pulls),
): (service: string) => Promise<void> {
  const pulled = new Map(plan.pulls.map((pull) => [pull.image, Promise.withResolvers<string>()]));
  const systems = new Map(plan.systems.map((system) => [system.service, system]));
  void order.then((pulls) => pullAll(pulls, pulled, get, signal, onPull));
  const rank = (service: string) => systems.get(service)?.rank ?? 0;
  const create = creator(rank, plan.project, modelFile, watch, world, signal);
  // A service may join the network or volumes of one that it depends on, and is then refused before that one's container.
  const ready = async (service: string): Promise<string> => {
    const { image = '', after = [] } = systems.get(service) ?? {};
    const first = after.filter(({ condition }) => condition === 'started');
    const [name = image] = await Promise.all([
      pulled.get(image)?.promise,
      ...first.map((each) => ready(each.service)),
    ]);
    return name;
  };
  return async (service) => {
    const name = await ready(service);
    const renamed = name === systems.get(service)?.image ? undefined : name;
    const waits = systems.get(service)?.after.some(({ condition }) => condition !== 'started') === true;
    if (!signal.aborted)
      await create({ service, renamed, warming: warm.settle({ service, image: name }, waits) });
  };
}

async function pullAll(
  pulls: readonly Pull[],
  pulled: ReadonlyMap<string, PromiseWithResolvers<string>>,
  pull: (pull: Pull) => Promise<string>,
  signal: AbortSignal,
  onPull: OnPull,
): Promise<void> {
  const queue = [...pulls];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
      onPull(next, 'began');
      try {
        const name = await pull(next);
        if (signal.aborted) return;
        onPull(next, 'ended');
        pulled.get(next.image)?.resolve(name);
      } catch (error) {
        pulled.get(next.image)?.reject(error);
      }
    }
  };
  await Promise.all(Array.from({ length: pullsAtOnce }, work));
}

/** A container to be created; `renamed` is its image's name where that is not the model's. */
interface Wanted {
  readonly service: string;
  readonly renamed: string | undefined;
  readonly warming: Promise<Warming | undefined>;
}

interface Waiting extends Wanted {
  /** It is known what it is created with. */
  settled: boolean;
  readonly created: PromiseWithResolvers<void>;
}

/**
 * Creates the containers of all services that are waiting, again and again until none is. Those that the most others wait for
 * come first, in a call of their own: they start while the rest is created.
 */
function creator(
  rank: (service: string) => number,
  project: string,
  modelFile: string,
  watch: Watch,
  world: World,
  signal: AbortSignal,
): (wanted: Wanted) => Promise<void> {
  let waiting: Waiting[] = [];
  let busy = false;
  let first = true;
  const work = async () => {
    busy = true;
    // One turn of the event loop: services that are ready together are created together.
    await world.machine.sleep(0);
    while (waiting.length > 0) {
      // After the first, one whose archive is still looked for does not hold up the others.
      const able = first ? waiting : waiting.filter(({ settled }) => settled);
      if (able.length === 0) {
        await Promise.race(waiting.map(({ warming }) => warming));
        continue;
      }
      const urgent = Math.max(...able.map(({ service }) => rank(service)));
      const batch = able.filter(({ service }) => rank(service) === urgent);
      waiting = waiting.filter((each) => !batch.includes(each));
      first = false;
      try {
        await createBatch(batch, project, modelFile, world, signal);
        await watch.discover();
        for (const { created } of batch) created.resolve();
      } catch (error) {
        for (const { created } of batch) created.reject(error);
      }
    }
    busy = false;
  };
  return (wanted) => {
    const created = Promise.withResolvers<void>();
    const entry: Waiting = { ...wanted, created, settled: false };
    void wanted.warming.then(() => {
      entry.settled = true;
    });
    waiting.push(entry);
    if (!busy) void work();
    return created.promise;
  };
}

async function createBatch(
  batch: readonly Waiting[],
  project: string,
  modelFile: string,
  { compose, machine }: World,
  signal: AbortSignal,
): Promise<void> {
  const images = new Map(
    batch.flatMap(({ service, renamed }) => (renamed === undefined ? [] : [[service, renamed] as const])),
  );
  const warmings = (await Promise.all(batch.map(({ warming }) => warming))).flatMap((each) => each ?? []);
  if (images.size + warmings.length > 0) {
    const model = asObject(JSON.parse(await machine.readText(modelFile))) ?? {};
    await machine.writeText(modelFile, JSON.stringify(withArchives(withImages(model, images), warmings)));
  }
  const services = batch.map(({ service }) => service);
  const result = await compose.create(project, modelFile, services, signal);
  if (result.exitCode !== 0) throw new UserError(explain(result));
}

import { join } from 'node:path';
import { engineReach } from '../core/images/engine-reach.ts';
import { decodeHistory, type History, historyFile, historyPrefix } from '../core/images/history.ts';
import type { ImageRecord, ImagesLeft } from '../core/images/image-record.ts';
import { decodeLock, lockedDigest } from '../core/images/lock.ts';
import type { CachePolicy } from '../core/images/policy.ts';
import type { Plan, Pull } from '../core/plan.ts';
import type { World } from '../world.ts';
import { type Provider, startProvider } from './provider.ts';
import { workQueue } from './queue.ts';
import { newStock } from './stock.ts';
import { upstream } from './upstream.ts';

/** Requests at a time to registries, and parts at a time from the cache, of which each is in memory as a whole. */
const downloadsAtOnce = 6;
const restoresAtOnce = 3;

/** What is known of earlier runs is worth this wait, and no more. Milliseconds. */
const historyPatience = 5000;

export interface ImagesWish {
  readonly policy: CachePolicy;
  /** Of the engine, such as `linux/amd64`. */
  readonly platform: string;
  /** The run's folder for blobs. */
  readonly folder: string;
}

/** Images on their way to the engine. */
export interface Images {
  /** The images in the order in which they come. */
  readonly order: readonly Pull[];
  /** Gives the name under which the engine has the image then. Throws as `plain` does. */
  get(pull: Pull): Promise<string>;
  /** Ends it all; gives how each image came, and what post needs to keep. */
  close(): Promise<Brought>;
}

export interface Brought {
  readonly records: readonly ImageRecord[];
  /** Absent where nothing came through this process. */
  readonly left?: ImagesLeft;
  /** Why the engine cannot be given images by this process; absent where it can, or none were to come. */
  readonly apart?: string;
}

/**
 * Begins to bring the images that the plan pulls, in its order: through a registry in this process where the engine can reach
 * that, else with `plain`, which is also what is left when anything goes wrong on the way.
 */
export async function beginImages(
  plan: Plan,
  wish: ImagesWish,
  plain: (pull: Pull) => Promise<string>,
  world: World,
  signal: AbortSignal,
): Promise<Images> {
  const { provider, apart }: Here =
    plan.pulls.length === 0 ? {} : await startHere(plan, wish, world, signal).catch(inWords);
  const began = world.machine.now();
  const records: ImageRecord[] = [];
  let open = plan.pulls.length;
  const got = async () => {
    open -= 1;
    if (provider === undefined || open > 0 || (await provider.left()).keep.length > 0) return;
    // The engine has everything, and the cache needs nothing of it.
    for (const path of provider.folders()) await world.machine.removeFolder(path).catch(() => undefined);
  };
  return {
    order: provider?.order ?? plan.pulls,
    get: async (pull) => {
      if (await provider?.provide(pull)) {
        void got();
        return pull.image;
      }
      if (signal.aborted) return pull.image;
      const name = await plain(pull);
      const seconds = (world.machine.now() - began) / 1000;
      records.push({ image: pull.image, origin: 'engine', seconds });
      void got();
      return name;
    },
    close: async () => {
      await provider?.close();
      const local = plan.present.map((image): ImageRecord => ({ image, origin: 'local' }));
      const all = [...local, ...(provider?.records() ?? []), ...records];
      const why = apart === undefined ? {} : { apart };
      return { records: all, ...why, ...(provider === undefined ? {} : { left: await provider.left() }) };
    },
  };
}

/** What gives images to the engine, or why nothing can. */
interface Here {
  readonly provider?: Provider;
  readonly apart?: string;
}

function inWords(error: unknown): Here {
  return { apart: error instanceof Error ? error.message : String(error) };
}

async function startHere(plan: Plan, wish: ImagesWish, world: World, signal: AbortSignal): Promise<Here> {
  const { policy, platform, folder } = wish;
  const history = policy.learns ? readHistory(wish, world, signal) : Promise.resolve({});
  const info = await world.engine.about(signal);
  const reach = engineReach(info.info.stdout, world.runner.variable('DOCKER_HOST'));
  if (reach.apart !== undefined) {
    world.runner.info(`Images are pulled in the plain way: ${reach.apart}.`);
    return { apart: reach.apart };
  }
  const text = await world.machine.readText(join(world.stack, 'images.lock.yaml')).catch(() => 'images: {}');
  const { lock } = decodeLock(text);
  const shared = { stock: newStock(world.blobFiles), folder, signal, world };
  const offering = {
    world,
    platform,
    reads: policy.read,
    learns: policy.learns,
    history,
    writes: policy.write,
    keepsPrivate: !policy.learns,
    downloads: { ...shared, queue: workQueue(downloadsAtOnce), upstream: upstream(reach.mirrors, world) },
    restores: { ...shared, queue: workQueue(restoresAtOnce), platform, parts: new Set<string>() },
    locked: (image: string, wanted: string) => lockedDigest(lock, image, wanted),
  };
  const provider = await startProvider(plan.pulls, offering, ({ image }) => rankOf(image, plan));
  return { provider };
}

/** How many systems, one after another, wait for one that runs the image. */
function rankOf(image: string, { systems }: Plan): number {
  return Math.max(0, ...systems.flatMap((system) => (system.image === image ? [system.rank] : [])));
}

async function readHistory(
  { platform, folder }: ImagesWish,
  world: World,
  signal: AbortSignal,
): Promise<History> {
  const place = join(folder, 'history');
  const prefix = historyPrefix(platform);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(historyPatience)]);
  const found = await world.cache.restore(`${prefix}none`, place, limit, [prefix]);
  if (found === undefined) return {};
  return decodeHistory(await world.machine.readText(join(place, historyFile)).catch(() => ''));
}

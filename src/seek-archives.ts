import { join } from 'node:path';
import type { Catalogue, Jvm } from './core/catalogue/catalogue.ts';
import type { ImageFacts } from './core/images/image-facts.ts';
import { asObject, type Json } from './core/json.ts';
import type { Model } from './core/model.ts';
import { type Archive, archiveKey, archiveName, entryName, isArchive } from './core/warm/archive.ts';
import { workQueue } from './images/queue.ts';
import { cacheFolder } from './run.ts';
import type { World } from './world.ts';

export interface WarmSetting {
  readonly model: Model;
  readonly catalogue: Catalogue;
  /** The run's folder. */
  readonly directory: string;
  /** Of the engine. */
  readonly architecture: string;
  /** What is known of the images that were on this machine before the run. */
  readonly here: ReadonlyMap<string, ImageFacts>;
  /** Whether archives may be used, and written too. */
  readonly use: 'off' | 'read' | 'write';
}

/** A system and the name under which its image is on this machine. */
export interface Placed {
  readonly service: string;
  readonly image: string;
}

/** So many come at once: those that are needed first do not share the line and the CPU with all the others. */
const archivesAtOnce = 2;

/** What the cache has of an archive. A broken entry cannot be replaced: its key is taken. */
export type Found = 'whole' | 'broken' | 'none';

/** An archive that was asked for; `found` may take its time. */
export interface Sought {
  readonly archive: Archive;
  /** What the cache says that it has. */
  readonly known: Promise<Found>;
  readonly found: Promise<Found>;
}

/** Asks the cache for the archive of a system; undefined where it has none, or it cannot be known which. */
export function seeker(
  { model, catalogue, directory, architecture, here, use }: WarmSetting,
  { docker, archives, cache }: World,
  signal: AbortSignal,
): (placed: Placed) => Promise<Sought | undefined> {
  const fetch = async ({ key, folder }: Archive): Promise<Found> => {
    const fetched = join(cacheFolder(directory), key);
    if ((await cache.restore(key, fetched, signal)) === undefined) return 'none';
    const whole = (await archives.list(fetched)).find(({ name, size }) => name === entryName(size));
    const file = join(fetched, whole?.name ?? '');
    if (whole === undefined || !isArchive(await archives.look(file))) return 'broken';
    // The container may exist by now: it sees the whole file, or none.
    await archives.move(file, join(folder, archiveName));
    return 'whole';
  };
  const isThere = async ({ key }: Archive): Promise<Found> => {
    const there = await cache.look(key, join(cacheFolder(directory), key), signal).catch(() => undefined);
    return there === undefined ? 'none' : 'whole';
  };
  const queue = workQueue(archivesAtOnce);
  let order: Promise<string> | undefined;
  const seekOne = async ({ service, image }: Placed, jvm: Jvm): Promise<Sought | undefined> => {
    order ??= archives.listingOrder(directory).catch(() => '');
    const facts = here.get(image) ?? (await docker.imageFacts([image])).get(image);
    if (facts === undefined) return undefined;
    const before = facts.env.get(jvm.variable) ?? '';
    const described = describedIn(model.json, service);
    const from = {
      service,
      jvm,
      before,
      described,
      image: facts.id,
      platform: `linux-${architecture}`,
    };
    const key = archiveKey({ ...from, order: await order, hash: archives.hash });
    const archive = { service, key, jvm, before, folder: join(directory, 'warm', service) };
    await archives.makeFolder(archive.folder);
    const found = queue.add(0, () => fetch(archive)).catch((): Found => 'none');
    return { archive, known: isThere(archive), found };
  };
  return async (placed) => {
    const jvm = use === 'off' ? undefined : catalogue.systems.get(placed.service)?.jvm;
    return jvm === undefined ? undefined : seekOne(placed, jvm).catch(() => undefined);
  };
}

/** A service as the model has it. */
export function describedIn(model: Json, service: string): Json {
  return asObject(asObject(model['services'])?.[service]) ?? {};
}

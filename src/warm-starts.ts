import { join } from 'node:path';
import type { Catalogue, Jvm } from './core/catalogue/catalogue.ts';
import type { ImageFacts } from './core/images/image-facts.ts';
import { asObject, type Json } from './core/json.ts';
import type { Model } from './core/model.ts';
import {
  type Archive,
  archiveKey,
  archiveName,
  entryName,
  isArchive,
  type Warming,
  writingOptions,
} from './core/warm/archive.ts';
import { encodeLearned, learnedFile } from './core/warm/learned.ts';
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

export interface WarmStarts {
  /** Begins to fetch the archives of systems. */
  begin(placed: readonly Placed[]): void;
  /** What the container of a system is to be created with: its archive, a list to write, or neither. `waits`: for others. */
  settle(placed: Placed, waits: boolean): Promise<Warming | undefined>;
  /** Leaves for post which archives it is to write. */
  leave(): Promise<void>;
}

/**
 * How long a container waits for its archive once its image is there. The archive comes from a cache, as a rule while images
 * are pulled. A system that could start at once gains less than the wait may cost; one that waits for others has the
 * time. Milliseconds.
 */
const patience = { atOnce: 100, waits: 1000 };

/** What the cache has of an archive. A broken entry cannot be replaced: its key is taken. */
type Found = 'whole' | 'broken' | 'none';

/** An archive that was asked for; `found` may take its time. */
interface Sought {
  readonly archive: Archive;
  readonly found: Promise<Found>;
}

interface Settled {
  readonly warming: Warming;
  /** Also where the container did not wait for it. */
  readonly found: Promise<Found>;
}

/** The class-data archives of the JVM systems of a run; see `core/warm/archive.ts`. Nothing here throws. */
export function warmStarts(setting: WarmSetting, world: World, signal: AbortSignal): WarmStarts {
  const sought = new Map<string, Promise<Sought | undefined>>();
  const settled: Settled[] = [];
  const seek = seeker(setting, world, signal);
  const begin = (placed: readonly Placed[]) => {
    for (const each of placed) if (!sought.has(each.service)) sought.set(each.service, seek(each));
  };
  const decide = async ({ service }: Placed, late: Promise<undefined>): Promise<Warming | undefined> => {
    const each = await Promise.race([sought.get(service), late]);
    if (each === undefined) return undefined;
    const found = (await Promise.race([each.found, late])) ?? 'none';
    if (found === 'broken' || (found === 'none' && setting.use !== 'write')) return undefined;
    const warming: Warming = { ...each.archive, step: found === 'whole' ? 'use' : 'learn' };
    settled.push({ warming, found: each.found });
    return warming;
  };
  return {
    begin,
    settle: async (placed, waits) => {
      begin([placed]);
      const done = new AbortController();
      const most = waits ? patience.waits : patience.atOnce;
      const warming = await decide(
        placed,
        world.machine.sleep(most, done.signal).then(() => undefined),
      );
      done.abort();
      return warming;
    },
    leave: () => leave(settled, setting, world),
  };
}

/** Asks the cache for the archive of a system; undefined where it has none, or it cannot be known which. */
function seeker(
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
    return { archive, found: fetch(archive).catch(() => 'none') };
  };
  return async (placed) => {
    const jvm = use === 'off' ? undefined : catalogue.systems.get(placed.service)?.jvm;
    return jvm === undefined ? undefined : seekOne(placed, jvm).catch(() => undefined);
  };
}

function describedIn(model: Json, service: string): Json {
  return asObject(asObject(model['services'])?.[service]) ?? {};
}

async function leave(
  settled: readonly Settled[],
  { model, directory }: WarmSetting,
  { machine, runner }: World,
): Promise<void> {
  const used = settled.filter(({ warming }) => warming.step === 'use');
  const pending = new Promise<Found>((resolve) => setImmediate(() => resolve('whole')));
  const missing: Warming[] = [];
  for (const { warming, found } of settled)
    if (warming.step === 'learn' && (await Promise.race([found, pending])) === 'none') missing.push(warming);
  const names = (list: readonly { readonly service: string }[]) =>
    list.map(({ service }) => service).join(', ');
  if (used.length > 0)
    runner.info(`Started with class-data archives: ${names(used.map(({ warming }) => warming))}`);
  if (missing.length === 0) return;
  runner.info(`Post writes class-data archives for the next run: ${names(missing)}`);
  const tasks = missing.map(({ service, key, folder, jvm, before }) => {
    const value = writingOptions(describedIn(model.json, service), jvm, before);
    return { service, key, folder, variable: jvm.variable, value };
  });
  await machine.writeText(learnedFile(directory), encodeLearned(tasks)).catch((error: unknown) => {
    runner.info(`They will not be written: ${String(error)}`);
  });
}

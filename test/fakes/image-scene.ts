import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Saved } from '../../src/core/images/cache-messages.ts';
import type { History } from '../../src/core/images/history.ts';
import type { Range } from '../../src/core/images/stretches.ts';
import type { Offering } from '../../src/images/offers.ts';
import { workQueue } from '../../src/images/queue.ts';
import { newStock } from '../../src/images/stock.ts';
import { blobFiles } from '../../src/io/blob-files.ts';
import { openRegistry } from '../../src/io/registry.ts';
import { realWorld, type World } from '../../src/world.ts';
import { engineOf, type FakeEngine } from './image-engine.ts';

export const sha256 = (bytes: Uint8Array | string) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
export const platform = 'linux/amd64';

/** An image in memory. */
export interface FakeImage {
  readonly digest: string;
  readonly manifest: { readonly mediaType: string; readonly body: string };
  /** Configuration first, then the layers. */
  readonly blobs: readonly { readonly mediaType: string; readonly digest: string; readonly size: number }[];
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

export function imageOf(name: string, layers: readonly (Uint8Array | string)[]): FakeImage {
  const contents = [JSON.stringify({ name }), ...layers].map((each) => Buffer.from(each));
  const blobs = contents.map((bytes, index) => ({
    mediaType: `application/vnd.oci.image.${index === 0 ? 'config.v1+json' : 'layer.v1.tar'}`,
    digest: sha256(bytes),
    size: bytes.length,
  }));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const [config, ...others] = blobs;
  const body = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: others });
  const bytes = new Map(contents.map((each) => [sha256(each), each]));
  return { digest: sha256(body), manifest: { mediaType, body }, blobs, bytes };
}

type Files = ReadonlyMap<string, Uint8Array>;

export interface Faults {
  /** What a registry does instead of giving a blob out: a stream, or an error that is thrown. */
  blob?(digest: string, range: Range | undefined, tried: number): Readable | undefined;
  /** Before a part comes from the cache; false where it does not. */
  restoring?(key: string): Promise<boolean>;
  saving?(key: string): Saved;
}

export interface ImageScene extends AsyncDisposable {
  readonly world: World;
  readonly folder: string;
  readonly engine: FakeEngine;
  /** Archives in the cache, by key. */
  readonly entries: Map<string, Files>;
  /** Keys that were saved or refused, and that were asked for. */
  readonly saved: string[];
  readonly restored: string[];
  /** Digests that registries were asked for. */
  readonly asked: string[];
  readonly infos: string[];
  readonly stop: AbortController;
  offering(more?: Partial<Offering>, history?: History): Offering;
}

/** A cache, registries and an engine in memory around the real registry and files of the action. */
export function imageScene(images: Readonly<Record<string, FakeImage>>, faults: Faults = {}): ImageScene {
  const folder = mkdtempSync(join(tmpdir(), 'image-scene-'));
  const [entries, engine, stop] = [new Map<string, Files>(), engineOf(), new AbortController()];
  const [saved, restored, asked, infos]: [string[], string[], string[], string[]] = [[], [], [], []];
  const real = realWorld('');
  const pours = new Set<Promise<void>>();
  const pour: typeof blobFiles.pour = (...args) => {
    const poured = blobFiles.pour(...args).finally(() => pours.delete(poured));
    pours.add(poured);
    return poured;
  };
  const world: World = {
    ...real,
    blobFiles: { ...blobFiles, pour },
    openRegistry,
    runner: { ...real.runner, info: (text) => void infos.push(text), openGroup: () => {} },
    machine: { ...real.machine, sleep: async () => {} },
    docker: { ...real.docker, ...engine.docker },
    cache: {
      ...cacheOf(entries, faults, { saved, restored }),
      available: () => true,
      prepare: () => {},
      troubles: () => [],
      close: () => {},
    },
  };
  return {
    ...{ world, folder, engine, entries, saved, restored, asked, infos, stop },
    offering: (more = {}, history = {}) => {
      const shared = { stock: newStock(blobFiles), folder, signal: stop.signal, world };
      const upstream = registriesOf(images, faults, asked);
      return {
        ...{ world, platform, reads: true, learns: false, history: Promise.resolve(history) },
        ...{ writes: true, keepsPrivate: true },
        locked: () => undefined,
        downloads: { ...shared, queue: workQueue(8), upstream },
        restores: { ...shared, queue: workQueue(3), platform, parts: new Set() },
        ...more,
      };
    },
    [Symbol.asyncDispose]: async () => {
      // Downloads of an image that was given up go on for a moment.
      stop.abort();
      await new Promise((resolve) => setImmediate(resolve));
      while (pours.size > 0) await Promise.allSettled(pours);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function cacheOf(
  entries: Map<string, Files>,
  { restoring = async () => true, saving = () => 'saved' }: Faults,
  { saved, restored }: { saved: string[]; restored: string[] },
): Pick<World['cache'], 'look' | 'restore' | 'save'> {
  const newest = (key: string, prefixes: readonly string[] = []) =>
    [...entries.keys()].findLast((each) => each === key || prefixes.some((start) => each.startsWith(start)));
  return {
    look: async (key, _folder, _signal, prefixes) => newest(key, prefixes),
    restore: async (key, folder, _signal, prefixes) => {
      restored.push(key);
      const found = newest(key, prefixes) ?? '';
      const files = entries.get(found);
      if (!(await restoring(found || key)) || files === undefined) return undefined;
      mkdirSync(folder, { recursive: true });
      for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
      return found;
    },
    save: async (key, folder) => {
      saved.push(key);
      const how = saving(key);
      const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
      if (how === 'saved') entries.set(key, new Map(files));
      return how;
    },
  };
}

function registriesOf(
  images: Readonly<Record<string, FakeImage>>,
  { blob }: Faults,
  asked: string[],
): Offering['downloads']['upstream'] {
  return {
    resolve: async ({ registry, repository, reference }) => {
      const image = images[`${registry}/${repository}:${reference}`];
      if (image === undefined) throw new Error(`${registry}: HTTP 404`);
      return { digest: image.digest, ...image.manifest };
    },
    usesLogin: () => false,
    blob: async ({ registry, repository, reference }, digest, range, signal) => {
      signal.throwIfAborted();
      asked.push(digest);
      const tried = asked.filter((each) => each === digest).length;
      const bytes = images[`${registry}/${repository}:${reference}`]?.bytes.get(digest);
      if (bytes === undefined) throw new Error('HTTP 404');
      return blob?.(digest, range, tried) ?? Readable.from([bytes.subarray(range?.start, range?.end)]);
    },
  };
}

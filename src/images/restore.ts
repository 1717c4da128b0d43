import { join } from 'node:path';
import { blobsIn } from '../core/images/contents.ts';
import {
  type Chunk,
  chunkFile,
  decodeEntry,
  entryFile,
  type ImageEntry,
  partKey,
  partName,
} from '../core/images/entry.ts';
import type { World } from '../world.ts';
import type { Queue } from './queue.ts';
import type { Stock } from './stock.ts';

export interface Restores {
  readonly stock: Stock;
  readonly queue: Queue;
  /** The run's folder for blobs. */
  readonly folder: string;
  readonly platform: string;
  /** The folders of parts that came, or were to come. */
  readonly parts: Set<string>;
  readonly signal: AbortSignal;
  readonly world: Pick<World, 'cache' | 'machine' | 'blobFiles'>;
}

/** An image in the cache. */
export interface CachedImage {
  readonly entry: ImageEntry;
  /** Brings the parts with these blobs, all without a choice. Resolves with the bytes that came; rejects where one cannot be had. */
  bring(urgency: number, digests?: readonly string[]): Promise<number>;
}

/** The cache was too slow to say what it has. */
export class TooSlow extends Error {}

export interface Restorer {
  /** Looks an image up by digest, once; undefined where there is none that can be used. */
  find(digest: string, urgency: number): Promise<CachedImage | undefined>;
  /** Whether there is anything under the image's keys, and it was not too slow. */
  isThere(digest: string): Promise<boolean>;
}

/** A part that takes longer than this is not worth the wait: it is 1 MB/s. Milliseconds. */
const patience = 30_000;

export function restorer(restores: Restores): Restorer {
  const found = new Map<string, Promise<CachedImage | undefined>>();
  const slow = new Set<string>();
  const { platform, folder, signal, world } = restores;
  return {
    find: (digest, urgency) => {
      const image = found.get(digest) ?? lookUp(digest, urgency, restores).catch(() => void slow.add(digest));
      found.set(digest, image);
      return image;
    },
    isThere: async (digest) => {
      if (slow.has(digest)) return false;
      const name = partName(platform, digest, 0);
      const asked = [partKey(name, 'none'), join(folder, name), signal, [partKey(name, '')]] as const;
      return (await world.cache.look(...asked)) !== undefined;
    },
  };
}

async function lookUp(digest: string, urgency: number, restores: Restores): Promise<CachedImage | undefined> {
  const { queue, folder, world } = restores;
  const parts = new Map<number, Promise<number>>();
  const first = partName(restores.platform, digest, 0);
  const key = await queue.add(urgency, () => restorePart(first, undefined, restores));
  if (key === undefined) return undefined;
  const text = await world.machine.readText(join(folder, first, entryFile)).catch(() => '');
  const entry = decodeEntry(text, digest, world.blobFiles.sha256);
  if (entry === undefined) return undefined;
  const served = world.blobFiles.sha256(entry.manifest.body);
  const part = async (index: number, chunks: readonly Chunk[], wanted: number) => {
    const name = index === 0 ? first : partName(restores.platform, served, index);
    const there =
      index === 0 || (await queue.add(wanted, () => restorePart(name, entry.generation, restores)));
    if (there === undefined) throw new Error(`part ${index} of ${digest} cannot be had`);
    return take(chunks, join(folder, name), entry, restores);
  };
  return {
    entry,
    bring: async (wanted, digests) => {
      const known = new Set(entry.parts.flat().map((chunk) => chunk.digest));
      if (digests?.some((each) => !known.has(each)) === true)
        throw new Error(`the entry of ${digest} has not the layers that it should have`);
      const chosen = [...entry.parts.entries()].filter(
        ([, chunks]) => digests === undefined || chunks.some((chunk) => digests.includes(chunk.digest)),
      );
      const counts = chosen.map(([index, chunks]) => {
        const coming = parts.get(index) ?? part(index, chunks, wanted);
        parts.set(index, coming);
        return coming;
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };
}

/** Gives the key of a part of a generation, or of the newest one; undefined where there is none that can be unpacked. */
async function restorePart(
  name: string,
  generation: string | undefined,
  { folder, parts, signal, world }: Restores,
): Promise<string | undefined> {
  const place = join(folder, name);
  parts.add(place);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const found =
    generation === undefined
      ? await world.cache.restore(partKey(name, 'none'), place, limit, [partKey(name, '')])
      : await world.cache.restore(partKey(name, generation), place, limit);
  if (found === undefined && limit.aborted) throw new TooSlow(`${name} takes too long`);
  return found;
}

/** Tells the blobs of what has come; a file that is not as long as it should be spoils the part. */
async function take(
  chunks: readonly Chunk[],
  folder: string,
  { manifest }: ImageEntry,
  { stock, world }: Restores,
): Promise<number> {
  const sizes = new Map(blobsIn(manifest.body).map((blob) => [blob.digest, blob]));
  let bytes = 0;
  for (const chunk of chunks) {
    const file = join(folder, chunkFile(chunk));
    const length = chunk.end - chunk.start;
    const blob = sizes.get(chunk.digest);
    if (blob === undefined || (await world.blobFiles.size(file)) !== length)
      throw new Error(`a part of ${chunk.digest} is not whole`);
    stock.of(blob).arrived({ start: chunk.start, end: chunk.end, file, at: 0 });
    bytes += length;
  }
  return bytes;
}

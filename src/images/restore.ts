import { join } from 'node:path';
import { blobsIn } from '../core/images/contents.ts';
import {
  type Chunk,
  chunkFile,
  decodeEntry,
  entryFile,
  type ImageEntry,
  partKey,
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

/** A part that takes longer than this is not worth the wait: it is 1 MB/s. Milliseconds. */
const patience = 30_000;

/** Looks images up by digest, each once. */
export function restorer(
  restores: Restores,
): (digest: string, urgency: number) => Promise<CachedImage | undefined> {
  const found = new Map<string, Promise<CachedImage | undefined>>();
  return (digest, urgency) => {
    const image = found.get(digest) ?? lookUp(digest, urgency, restores);
    found.set(digest, image);
    return image;
  };
}

async function lookUp(digest: string, urgency: number, restores: Restores): Promise<CachedImage | undefined> {
  const { queue, folder, world } = restores;
  const parts = new Map<number, Promise<number>>();
  if (!(await queue.add(urgency, () => restorePart(digest, 0, restores)))) return undefined;
  const text = await world.machine
    .readText(join(folder, partKey(restores.platform, digest, 0), entryFile))
    .catch(() => '');
  const entry = decodeEntry(text, digest, world.blobFiles.sha256);
  if (entry === undefined) return undefined;
  const served = world.blobFiles.sha256(entry.manifest.body);
  const part = async (index: number, chunks: readonly Chunk[], wanted: number) => {
    const named = index === 0 ? digest : served;
    const there = index === 0 || (await queue.add(wanted, () => restorePart(named, index, restores)));
    if (!there) throw new Error(`part ${index} of ${digest} cannot be had`);
    return take(chunks, join(folder, partKey(restores.platform, named, index)), entry, restores);
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

async function restorePart(digest: string, part: number, restores: Restores): Promise<boolean> {
  const { folder, platform, signal, world } = restores;
  const key = partKey(platform, digest, part);
  restores.parts.add(join(folder, key));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  return (await world.cache.restore(key, join(folder, key), limit)) === key;
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

import { join } from 'node:path';
import type { Saved } from '../core/images/cache-messages.ts';
import { blobsOf, contentsOf, type Descriptor } from '../core/images/contents.ts';
import {
  type Chunk,
  chunkFile,
  encodeEntry,
  entryFile,
  firstGeneration,
  type ImageEntry,
  partKey,
  partName,
  partsOf,
} from '../core/images/entry.ts';
import { encodeHistory, historyFile, historyPrefix, learned } from '../core/images/history.ts';
import type { CachedBlob, ImagesLeft, KeptImage } from '../core/images/image-record.ts';
import { withLayers } from '../core/images/repack.ts';
import type { Blob } from '../io/blob-files.ts';
import type { World } from '../world.ts';
import { packer } from './pack.ts';
import { isPublic } from './public.ts';

type Outside = Pick<World, 'cache' | 'machine' | 'blobFiles' | 'runner' | 'http'>;

/**
 * Saves what came from registries in the cache, an entry for every image, layers that several share in the first one's alone.
 * What does not have its digest is not saved. Ends early where the cache refuses or the signal aborts.
 */
export async function keepImages(left: ImagesLeft, world: Outside, signal: AbortSignal): Promise<void> {
  await keepHistory(left, world, signal);
  const cached = new Map(Object.entries(left.cached));
  const pack = packer(left.folder, world);
  for (const image of left.keep) {
    if (signal.aborted) return;
    const how = await keepImage(image, cached, { left, pack, world, signal });
    world.runner.info(`${image.image}: ${words[how]}`);
    if (how === 'refused') return;
  }
}

async function keepHistory(left: ImagesLeft, world: Outside, signal: AbortSignal): Promise<void> {
  const { platform, folder, samples, history } = left;
  if (samples.length === 0) return;
  const place = join(folder, 'history');
  await world.machine.makeFolder(place);
  await world.machine.writeText(join(place, historyFile), encodeHistory(learned(history, samples)));
  // An entry never changes, so every run that has something to tell makes a new one; the newest is found.
  const name = `${world.machine.date()}${world.machine.salt()}`;
  await world.cache.save(`${historyPrefix(platform)}${name}`, place, signal);
}

const words: Readonly<Record<Saved | 'spoiled' | 'private', string>> = {
  saved: 'kept in the cache',
  taken: 'another run keeps it in the cache',
  refused: 'not kept, this run may not write to the cache',
  failed: 'could not be kept in the cache',
  spoiled: 'not kept, its bytes are not what its digest says',
  private: 'not kept, only a login gives it; `cache: on` keeps it all the same',
};

interface Keeping {
  readonly left: ImagesLeft;
  readonly pack: (blob: Descriptor) => Promise<Packed | undefined>;
  readonly world: Outside;
  readonly signal: AbortSignal;
}

type Packed = { readonly packed: Descriptor; readonly blob: Blob };

async function keepImage(
  { image, digest, manifest: original, replaces, ifPublic }: KeptImage,
  cached: Map<string, CachedBlob>,
  keeping: Keeping,
): Promise<Saved | 'spoiled' | 'private'> {
  const { world, left, signal } = keeping;
  if (ifPublic && !(await isPublic(image, digest, left.platform, world, signal))) return 'private';
  const contents = contentsOf(original.body);
  if (contents === undefined) return 'spoiled';
  const own = new Map<string, Packed>();
  for (const blob of blobsOf(contents)) {
    if (cached.has(blob.digest)) continue;
    const found = await keeping.pack(blob);
    if (found === undefined) return 'spoiled';
    own.set(blob.digest, found);
  }
  const packedAs = new Map([...cached, ...own].map(([name, { packed }]) => [name, packed]));
  const manifest = withLayers(original, packedAs);
  if (manifest === undefined) return 'spoiled';
  const others = blobsOf(contents).flatMap((blob) => cached.get(blob.digest) ?? []);
  const elsewhere = Object.fromEntries(others.map(({ packed, owner }) => [packed.digest, owner]));
  const parts = partsOf([...own.values()].map(({ packed }) => packed));
  const generation = replaces ? `${world.machine.date()}${world.machine.salt()}` : firstGeneration;
  const entry = { manifest, original, generation, parts, elsewhere };
  const how = await saveParts(digest, entry, own, keeping);
  // Where another run has put what of an image that is taken is not known.
  if (how === 'saved') for (const [name, { packed }] of own) cached.set(name, { packed, owner: digest });
  return how;
}

/** The first part comes last: an image whose other parts are not all there is not found. */
async function saveParts(
  digest: string,
  entry: ImageEntry,
  own: ReadonlyMap<string, Packed>,
  { left, world, signal }: Keeping,
): Promise<Saved> {
  const blobs = new Map([...own.values()].map(({ packed, blob }) => [packed.digest, blob]));
  const served = world.blobFiles.sha256(entry.manifest.body);
  for (const [index, chunks] of [...entry.parts.entries()].reverse()) {
    const name = partName(left.platform, index === 0 ? digest : served, index);
    const folder = join(left.folder, name);
    await write(folder, chunks, blobs, index === 0 ? encodeEntry(entry) : undefined, world);
    const how = await world.cache.save(partKey(name, entry.generation), folder, signal);
    await world.machine.removeFolder(folder);
    if (how === 'refused' || how === 'failed' || index === 0) return how;
  }
  return 'failed';
}

async function write(
  folder: string,
  chunks: readonly Chunk[],
  blobs: ReadonlyMap<string, Blob>,
  entry: string | undefined,
  { machine, blobFiles }: Outside,
): Promise<void> {
  await machine.makeFolder(folder);
  for (const chunk of chunks) {
    const blob = blobs.get(chunk.digest);
    if (blob !== undefined) await blobFiles.copy(blob, chunk, join(folder, chunkFile(chunk)));
  }
  if (entry !== undefined) await machine.writeText(join(folder, entryFile), entry);
}

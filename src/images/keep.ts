import { join } from 'node:path';
import type { Saved } from '../core/images/cache-messages.ts';
import { blobsOf, contentsOf, type Descriptor } from '../core/images/contents.ts';
import { type Chunk, chunkFile, encodeEntry, entryFile, partKey, partsOf } from '../core/images/entry.ts';
import { encodeHistory, historyFile, historyPrefix, learned } from '../core/images/history.ts';
import type { ImagesLeft, KeptImage } from '../core/images/image-record.ts';
import type { Blob } from '../io/blob-files.ts';
import type { World } from '../world.ts';

type Outside = Pick<World, 'cache' | 'machine' | 'blobFiles' | 'runner'>;

/**
 * Saves what came from registries in the cache, an entry for every image, layers that several share in the first one's alone.
 * What does not have its digest is not saved. Ends early where the cache refuses or the signal aborts.
 */
export async function keepImages(left: ImagesLeft, world: Outside, signal: AbortSignal): Promise<void> {
  await keepHistory(left, world, signal);
  const places: Record<string, string> = { ...left.cached };
  for (const image of left.keep) {
    if (signal.aborted) return;
    const how = await keepImage(image, places, left, world, signal);
    world.runner.info(`${image.image}: ${words[how]}`);
    if (how === 'refused') return;
    if (how !== 'saved' && how !== 'taken') continue;
    for (const { digest } of blobs(image)) places[digest] ??= image.digest;
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

const words: Readonly<Record<Saved | 'spoiled', string>> = {
  saved: 'kept in the cache',
  taken: 'another run keeps it in the cache',
  refused: 'not kept, this run may not write to the cache',
  failed: 'could not be kept in the cache',
  spoiled: 'not kept, its bytes are not what its digest says',
};

async function keepImage(
  image: KeptImage,
  places: Readonly<Record<string, string>>,
  left: ImagesLeft,
  world: Outside,
  signal: AbortSignal,
): Promise<Saved | 'spoiled'> {
  const own = blobs(image).filter(({ digest }) => places[digest] === undefined);
  const files = new Map(own.map((descriptor) => [descriptor.digest, onDisk(descriptor, left, world)]));
  for (const [digest, blob] of files) {
    const found = await world.blobFiles.digest(blob).catch(() => undefined);
    if (found !== digest) return 'spoiled';
  }
  const elsewhere = Object.fromEntries(
    blobs(image).flatMap(({ digest }) => (places[digest] === undefined ? [] : [[digest, places[digest]]])),
  );
  const parts = partsOf(own);
  const entry = encodeEntry({ manifest: image.manifest, original: image.manifest, parts, elsewhere });
  // The first part comes last: an image whose other parts are not all there is not found.
  for (const [index, chunks] of [...parts.entries()].reverse()) {
    const key = partKey(left.platform, image.digest, index);
    const folder = join(left.folder, key);
    await write(folder, chunks, files, index === 0 ? entry : undefined, world);
    const how = await world.cache.save(key, folder, signal);
    await world.machine.removeFolder(folder);
    if (how === 'refused' || how === 'failed' || index === 0) return how;
  }
  return 'failed';
}

function blobs({ manifest }: KeptImage): readonly Descriptor[] {
  const contents = contentsOf(manifest.body);
  return contents === undefined ? [] : blobsOf(contents);
}

function onDisk({ digest, size }: Descriptor, { folder }: ImagesLeft, { blobFiles }: Outside): Blob {
  const blob = blobFiles.blob(digest, size);
  const file = join(folder, 'blobs', digest.replace('sha256:', ''));
  blob.arrived({ start: 0, end: size, file, at: 0 });
  return blob;
}

async function write(
  folder: string,
  chunks: readonly Chunk[],
  files: ReadonlyMap<string, Blob>,
  entry: string | undefined,
  { machine, blobFiles }: Outside,
): Promise<void> {
  await machine.makeFolder(folder);
  for (const chunk of chunks) {
    const blob = files.get(chunk.digest);
    if (blob !== undefined) await blobFiles.copy(blob, chunk, join(folder, chunkFile(chunk)));
  }
  if (entry !== undefined) await machine.writeText(join(folder, entryFile), entry);
}

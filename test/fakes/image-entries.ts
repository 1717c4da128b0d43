import {
  encodeEntry,
  entryFile,
  firstGeneration,
  partKey,
  partName,
  partsOf,
} from '../../src/core/images/entry.ts';
import { type FakeImage, type ImageScene, platform } from './image-scene.ts';

/** The key of a part of an image whose layers are packed as they were. */
export const keyOf = (digest: string, part: number): string =>
  partKey(partName(platform, digest, part), firstGeneration);

/** Puts an image into the cache in parts of at most so many bytes; `elsewhere` as in its entry. Gives the parts' keys. */
export function putEntry(
  { entries }: ImageScene,
  { digest, manifest, blobs, bytes }: FakeImage,
  most = 1000,
  elsewhere: Readonly<Record<string, string>> = {},
): readonly string[] {
  const parts = partsOf(
    blobs.filter((each) => elsewhere[each.digest] === undefined),
    most,
  );
  return parts.map((chunks, index) => {
    const files = new Map<string, Uint8Array>(
      chunks.map((chunk) => [
        `${chunk.digest.slice(7)}-${chunk.start}`,
        (bytes.get(chunk.digest) ?? Buffer.of()).subarray(chunk.start, chunk.end),
      ]),
    );
    const generation = firstGeneration;
    const text = encodeEntry({ manifest, original: manifest, generation, parts, elsewhere });
    if (index === 0) files.set(entryFile, Buffer.from(text));
    const key = keyOf(digest, index);
    entries.set(key, files);
    return key;
  });
}

import { asArray, asObject, asString, type Json } from '../json.ts';
import { blobsOf, type Contents, contentsOf, type Descriptor, digestRule } from './contents.ts';
import { pairs, withLayers } from './repack.ts';

/** A manifest, byte for byte as a registry has it. */
export interface ManifestText {
  readonly mediaType: string;
  readonly body: string;
}

/** A range of a blob that is a file of its own in a cache entry. */
export interface Chunk {
  readonly digest: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** An image in the cache, as the first of its parts tells. */
export interface ImageEntry {
  /** What the engine is given. */
  readonly manifest: ManifestText;
  /** The image's own manifest, whose digest is in the key; its layers may be packed otherwise than those of `manifest`. */
  readonly original: ManifestText;
  /** In the keys of its parts; see `firstGeneration`. */
  readonly generation: string;
  /** What is in each part. */
  readonly parts: readonly (readonly Chunk[])[];
  /** Layers that stand in the entry of another image, by digest: the digest of that image's manifest. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/**
 * Bytes of layers in one part. The client loads an archive of up to 128 MiB into memory as a whole, and only what is
 * there as a whole can be handed on; every part costs two requests.
 */
export const partBytes = 16 * 1024 * 1024;

/** The file in the first part that tells of all. */
export const entryFile = 'image.json';

/**
 * The name of a part; the first is number 0 and has the digest of the original manifest, the others have that of what the
 * engine is given: parts that were packed by different runs never mix. The format's number comes first.
 */
export function partName(platform: string, digest: string, part: number): string {
  return `paklog-image-3-${platform.replaceAll('/', '-')}-${digest.replace('sha256:', '')}-${part}`;
}

/**
 * All runs that find nothing of an image save it under the same keys, so that only one of them does. A key that is taken stays
 * taken: what is to replace an image that could not be used is of another generation. The newest first part is found.
 */
export const firstGeneration = 'first';

/** The cache key of a part. */
export function partKey(name: string, generation: string): string {
  return `${name}-${generation}`;
}

export function chunkFile({ digest, start }: Chunk): string {
  return `${digest.replace('sha256:', '')}-${start}`;
}

/** Cuts blobs into parts of at most so many bytes, in the order in which they are needed. */
export function partsOf(blobs: readonly Descriptor[], most = partBytes): readonly (readonly Chunk[])[] {
  const parts: Chunk[][] = [[]];
  let room = most;
  for (const { digest, size } of blobs) {
    for (let start = 0; start < size; ) {
      const end = Math.min(size, start + room);
      parts.at(-1)?.push({ digest, start, end });
      room -= end - start;
      start = end;
      if (room > 0) continue;
      parts.push([]);
      room = most;
    }
  }
  return parts.filter((part, index) => index === 0 || part.length > 0);
}

export function encodeEntry(entry: ImageEntry): string {
  return JSON.stringify(entry);
}

/**
 * Reads what the first part tells, and believes nothing of it: the original manifest must have the digest that was asked for,
 * the other has to be what repacking its layers makes of it, so that the engine compares what it unpacks with the original's
 * configuration; every byte of its blobs has to be once in a part, or elsewhere. Undefined where anything is wrong.
 * `sha256` gives a text's digest.
 */
export function decodeEntry(
  text: string,
  digest: string,
  sha256: (text: string) => string,
): ImageEntry | undefined {
  const json = parsed(text);
  const manifest = manifestText(json?.['manifest']);
  const original = manifestText(json?.['original']);
  if (manifest === undefined || original === undefined || sha256(original.body) !== digest) return undefined;
  const given = contentsOf(manifest.body);
  if (given === undefined || !sameImage(manifest, given, original)) return undefined;
  const generation = asString(json?.['generation']) ?? '';
  const elsewhere = places(asObject(json?.['elsewhere']) ?? {});
  const parts = asArray(json?.['parts']).map((part) => asArray(part).map(chunk));
  if (!/^\w+$/.test(generation) || elsewhere === undefined || parts.some((part) => part.includes(undefined)))
    return undefined;
  const chunks = parts.map((part) => part.flatMap((each) => each ?? []));
  const blobs = blobsOf(given);
  const known = new Set(blobs.map((blob) => blob.digest));
  if (chunks.flat().some((each) => !known.has(each.digest))) return undefined;
  const whole = blobs.every((blob) => {
    const own = chunks.flat().filter((each) => each.digest === blob.digest);
    return (own.length === 0 && elsewhere[blob.digest] !== undefined) || covered(blob, own);
  });
  return whole ? { manifest, original, generation, parts: chunks, elsewhere } : undefined;
}

/**
 * A manifest is taken word for word or not at all. An engine reads it otherwise than we do: names without their case, the
 * last of several with the same name.
 */
function sameImage(manifest: ManifestText, given: Contents, original: ManifestText): boolean {
  const meant = contentsOf(original.body);
  if (meant === undefined || given.layers.length !== meant.layers.length) return false;
  const layers = new Map(pairs(meant, given).map(([layer, packed]) => [layer.digest, packed]));
  const repacked = withLayers(original, layers);
  return repacked?.body === manifest.body && repacked.mediaType === manifest.mediaType;
}

function covered({ size }: Descriptor, chunks: readonly Chunk[]): boolean {
  let reached = 0;
  for (const chunk of chunks) {
    if (chunk.start !== reached || chunk.end <= chunk.start) return false;
    reached = chunk.end;
  }
  return reached === size;
}

function parsed(text: string): Json | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function manifestText(value: unknown): ManifestText | undefined {
  const json = asObject(value);
  const [mediaType, body] = [asString(json?.['mediaType']), asString(json?.['body'])];
  return mediaType === undefined || body === undefined ? undefined : { mediaType, body };
}

function chunk(value: unknown): Chunk | undefined {
  const json = asObject(value);
  const [digest = '', start, end] = [asString(json?.['digest']), json?.['start'], json?.['end']];
  return digestRule.test(digest) && Number.isSafeInteger(start) && Number.isSafeInteger(end)
    ? { digest, start: Number(start), end: Number(end) }
    : undefined;
}

function places(json: Json): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(json).map(([digest, place]) => [digest, asString(place) ?? ''] as const);
  return found.every((pair) => pair.every((each) => digestRule.test(each)))
    ? Object.fromEntries(found)
    : undefined;
}

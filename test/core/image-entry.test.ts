import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobsOf, contentsOf } from '../../src/core/images/contents.ts';
import {
  type Chunk,
  chunkFile,
  decodeEntry,
  encodeEntry,
  type ImageEntry,
  partKey,
  partName,
  partsOf,
} from '../../src/core/images/entry.ts';
import { repackedLayer, withLayers } from '../../src/core/images/repack.ts';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
const layer = (sign: string, size: number) => ({
  mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  digest: digest(sign),
  size,
});
const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
const config = { mediaType: 'application/vnd.docker.container.image.v1+json', digest: digest('c'), size: 7 };
const layers = [layer('1', 10), layer('2', 25), layer('3', 5)];
const original = { mediaType, body: JSON.stringify({ schemaVersion: 2, mediaType, config, layers }) };
const name = sha256(original.body);
/** Layer 3 stands in the entry of another image, layer 1 is packed otherwise than the registry's. */
const repacked = new Map(layers.map((each) => [each.digest, each]));
repacked.set(digest('1'), repackedLayer(digest('a'), 8));
const manifest = withLayers(original, repacked) ?? original;
const own = [config, repackedLayer(digest('a'), 8), layer('2', 25)];
const entry: ImageEntry = {
  manifest,
  original,
  generation: 'first',
  parts: partsOf(own, 12),
  elsewhere: { [digest('3')]: digest('b') },
};
const read = (given: unknown) => decodeEntry(JSON.stringify(given), name, sha256);

describe('parts', () => {
  test('have the blobs in order, none with more than there is room for', () => {
    expect(partsOf([layer('1', 10), layer('2', 25)], 16)).toEqual([
      [
        { digest: digest('1'), start: 0, end: 10 },
        { digest: digest('2'), start: 0, end: 6 },
      ],
      [{ digest: digest('2'), start: 6, end: 22 }],
      [{ digest: digest('2'), start: 22, end: 25 }],
    ]);
  });

  test('are one where there is nothing to put into it', () => {
    expect(partsOf([], 16)).toEqual([[]]);
    expect(partsOf([layer('1', 0)], 16)).toEqual([[]]);
    expect(partsOf([layer('1', 16)], 16)).toHaveLength(1);
  });

  test('have every byte once, in order', () => {
    const sizes = fc.array(fc.nat(100), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), (all, most) => {
        const blobs = all.map((size, index) => layer(index.toString(16), size));
        const parts = partsOf(blobs, most);
        for (const part of parts)
          expect(part.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThanOrEqual(most);
        const chunks = parts.flat();
        for (const { digest: of, size } of blobs) {
          const reached = chunks
            .filter((chunk) => chunk.digest === of)
            .reduce((at, { start, end }) => (start === at && end > start ? end : Number.NaN), 0);
          expect(reached).toBe(size);
        }
      }),
    );
  });

  test('have keys and files of their own', () => {
    const name = partName('linux/arm/v7', digest('1'), 3);
    expect(partKey(name, 'first')).toBe(`paklog-image-3-linux-arm-v7-${'1'.repeat(64)}-3-first`);
    expect(chunkFile({ digest: digest('1'), start: 6, end: 9 })).toBe(`${'1'.repeat(64)}-6`);
  });
});

describe('an entry', () => {
  test('is read as it was written, also with layers packed otherwise', () => {
    expect(manifest.body).not.toBe(original.body);
    expect(decodeEntry(encodeEntry(entry), name, sha256)).toEqual(entry);
    const plain = { ...entry, manifest: original, parts: partsOf([config, ...layers], 100), elsewhere: {} };
    expect(decodeEntry(encodeEntry(plain), name, sha256)).toEqual(plain);
  });

  const parts = (change: (chunks: Chunk[]) => readonly Chunk[]) => ({
    ...entry,
    parts: [change(entry.parts.flat().map((chunk) => ({ ...chunk })))],
  });
  const body = (change: (text: string) => string) => ({
    ...entry,
    manifest: { ...manifest, body: change(manifest.body) },
  });

  test.each<[string, unknown]>([
    ['is of another image', { ...entry, original: { ...original, body: `${original.body} ` } }],
    ['is of no generation', { ...entry, generation: '../..' }],
    ['has no manifest', { ...entry, manifest: undefined }],
    ['has another configuration', body((text) => text.replace(digest('c'), digest('d')))],
    ['has a layer less', body((text) => text.replace(/,\{[^{]*\}\]/, ']'))],
    ['has a gap', parts((chunks) => chunks.filter((_, index) => index !== 3))],
    ['has no end', parts((chunks) => chunks.slice(0, -1))],
    ['has an overlap', parts((chunks) => chunks.flatMap((each, at) => (at === 3 ? [each, each] : [each])))],
    ['goes backwards', parts((chunks) => chunks.toReversed())],
    ['has too much', parts((chunks) => [...chunks, { digest: digest('2'), start: 25, end: 26 }])],
    [
      'has what belongs to no blob',
      parts((chunks) => [...chunks, { digest: digest('9'), start: 0, end: 1 }]),
    ],
    [
      'has a part of what is elsewhere',
      parts((chunks) => [...chunks, { digest: digest('3'), start: 1, end: 2 }]),
    ],
    [
      'has bytes before the first',
      parts((chunks) => [{ digest: digest('a'), start: -8, end: 0 }, ...chunks]),
    ],
    ['has nobody to ask for a layer', { ...entry, elsewhere: {} }],
    ['has a path for a place', { ...entry, elsewhere: { [digest('3')]: '../../x' } }],
    ['has a chunk that is none', { ...entry, parts: [...entry.parts, [null]] }],
    // An engine reads the names of fields without their case, and the last one counts.
    [
      'says one thing to us and another to the engine',
      body((text) => text.replace(/\}$/, `,"Config":${JSON.stringify({ ...config, digest: digest('2') })}}`)),
    ],
    ['says the same thing twice', body((text) => text.replace('"layers"', '"layers":[],"layers"'))],
    ['is called another kind', { ...entry, manifest: { ...manifest, mediaType } }],
  ])('that %s is none', (_, given) => {
    expect(read(given)).toBeUndefined();
  });

  test.each(['', '{', '[]', 'null', '"x"', '{}'])('is not %j', (text) => {
    expect(decodeEntry(text, name, sha256)).toBeUndefined();
  });

  test('of another digest is none', () => {
    expect(decodeEntry(encodeEntry(entry), digest('0'), sha256)).toBeUndefined();
  });

  /** What has to hold of anything that is believed. */
  function sound(found: ImageEntry): void {
    expect(sha256(found.original.body)).toBe(name);
    const [given, meant] = [contentsOf(found.manifest.body), contentsOf(found.original.body)];
    expect(given?.config.digest).toBe(meant?.config.digest);
    expect(given?.layers.length).toBe(meant?.layers.length);
    const blobs = new Map((given === undefined ? [] : blobsOf(given)).map((blob) => [blob.digest, blob]));
    for (const chunk of found.parts.flat()) expect(blobs.has(chunk.digest)).toBe(true);
    for (const { digest: of, size } of blobs.values()) {
      const chunks = found.parts.flat().filter((chunk) => chunk.digest === of);
      const bytes = chunks.flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, at) => start + at),
      );
      const whole = Array.from({ length: size }, (_, at) => at);
      expect(bytes).toEqual(found.elsewhere[of] !== undefined && bytes.length === 0 ? [] : whole);
    }
  }

  test('is sound or none, whatever a byte of it has become', () => {
    const text = encodeEntry(entry);
    const change = fc.record({ at: fc.nat(text.length), cut: fc.nat(3), put: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(change, ({ at, cut, put }) => {
        const found = decodeEntry(text.slice(0, at) + put + text.slice(at + cut), name, sha256);
        if (found !== undefined) sound(found);
      }),
      { numRuns: 500 },
    );
  });

  test('is sound or none, whatever its numbers are', () => {
    const chunk = fc.record({
      digest: fc.constantFrom(...own.map((each) => each.digest), digest('3'), digest('9')),
      start: fc.integer({ min: -2, max: 26 }),
      end: fc.integer({ min: -2, max: 26 }),
    });
    const some = fc.array(
      fc.array(fc.oneof(chunk, fc.constantFrom(...entry.parts.flat())), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(some, (given) => {
        const found = read({ ...entry, parts: given });
        if (found !== undefined) sound(found);
      }),
      { numRuns: 500 },
    );
  });
});

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { Range } from '../../src/core/images/stretches.ts';
import { download } from '../../src/images/download.ts';
import { NoRanges, RegistriesRefused } from '../../src/images/upstream.ts';
import { type Faults, imageOf, imageScene } from '../fakes/image-scene.ts';

const mebibyte = 1024 * 1024;
const large = randomBytes(17 * mebibyte);
const image = imageOf('ledger', [large, 'a small layer']);
const [, layer, small] = image.blobs;
const name = { registry: 'ghcr.io', repository: 'acme/ledger', reference: '1' };

/** Loads one blob; gives what became of it, and what the registry was asked for. */
async function load(
  blob: (typeof image.blobs)[number] | undefined,
  faults: Faults['blob'] = () => undefined,
) {
  if (blob === undefined) throw new Error('there is no such blob');
  const ranges: (Range | undefined)[] = [];
  await using scene = imageScene(
    { 'ghcr.io/acme/ledger:1': image },
    {
      blob: (digest, range) => {
        ranges.push(range);
        return faults(digest, range, ranges.length);
      },
    },
  );
  const waits: number[] = [];
  Object.assign(scene.world.machine, {
    sleep: async (milliseconds: number) => void waits.push(milliseconds),
  });
  const { downloads } = scene.offering();
  const bytes = await download(name, [blob], 0, downloads).catch((error: Error) => error.message);
  const there = downloads.stock.of(blob);
  const read =
    typeof bytes === 'number' ? Readable.from(there.read({ start: 0, end: blob.size })) : undefined;
  const content = read === undefined ? undefined : await buffer(read);
  return { bytes, ranges, waits, content, missing: there.missing() };
}

/** A stream that ends or breaks after so many bytes. */
const partOf = (bytes: Uint8Array, range: Range | undefined, length: number, error?: Error) => {
  const start = range?.start ?? 0;
  const until = Math.min(range?.end ?? bytes.length, start + length);
  return Readable.from(
    (async function* () {
      yield bytes.subarray(start, until);
      if (error !== undefined) throw error;
    })(),
  );
};

describe('a large blob', () => {
  test('comes in pieces of 8 MiB, all its bytes in their place', async () => {
    const { bytes, ranges, content } = await load(layer);
    expect(bytes).toBe(17 * mebibyte);
    expect(ranges).toEqual([
      { start: 0, end: 8 * mebibyte },
      { start: 8 * mebibyte, end: 16 * mebibyte },
      { start: 16 * mebibyte, end: 17 * mebibyte },
    ]);
    expect(content?.equals(large)).toBe(true);
  });

  test.each([
    ['breaks off', new Error('reset')],
    ['ends too soon', undefined],
  ])('is gone on with from where a piece %s', async (_, error) => {
    const { bytes, ranges, content } = await load(layer, (_digest, range, tried) =>
      tried === 1 ? partOf(large, range, mebibyte, error) : undefined,
    );
    expect(bytes).toBe(17 * mebibyte);
    expect(ranges.at(-1)).toEqual({ start: mebibyte, end: 8 * mebibyte });
    expect(content?.equals(large)).toBe(true);
  });

  test('comes in one go from a registry that sends all of it for every piece', async () => {
    const { bytes, ranges, waits, content } = await load(layer, (_digest, range) => {
      if (range !== undefined && range.start > 0) throw new NoRanges('the server knows no ranges');
      return partOf(large, undefined, large.length);
    });
    expect([bytes, waits]).toEqual([17 * mebibyte, []]);
    expect(ranges.filter((range) => range === undefined)).toHaveLength(1);
    expect(content?.equals(large)).toBe(true);
  });
});

describe('a small blob', () => {
  const text = image.bytes.get(small?.digest ?? '') ?? Buffer.of();

  test('comes as a whole', async () => {
    const { bytes, ranges, content } = await load(small);
    expect([bytes, ranges, content?.toString()]).toEqual([13, [undefined], 'a small layer']);
  });

  test('is there after two tries that failed, each after a longer wait', async () => {
    const { bytes, waits, content } = await load(small, (_digest, range, tried) =>
      tried < 3 ? partOf(text, range, 4, new Error('reset')) : undefined,
    );
    expect([bytes, waits, content?.toString()]).toEqual([13, [250, 500], 'a small layer']);
  });

  test('fails for good after three, in the words of the last', async () => {
    const { bytes, ranges } = await load(small, (_digest, _range, tried) => {
      throw new Error(`HTTP 50${tried}`);
    });
    expect([bytes, ranges.length]).toEqual(['HTTP 503', 3]);
  });

  test('is not asked for again where the answer would be the same', async () => {
    const { bytes, ranges } = await load(small, () => {
      throw new RegistriesRefused('ghcr.io: HTTP 429', true);
    });
    expect([bytes, ranges.length]).toEqual(['ghcr.io: HTTP 429', 1]);
  });

  test('that is shorter than it should be is not there', async () => {
    const { bytes, missing } = await load(small, (_digest, range) => partOf(text, range, 9));
    expect(bytes).toBe(`${small?.digest} ended after 9 of 13 bytes`);
    expect(missing).toEqual([{ start: 9, end: 13 }]);
  });
});

test('an abort ends a download without another try', async () => {
  const stop = new AbortController();
  let tried = 0;
  await using scene = imageScene(
    { 'ghcr.io/acme/ledger:1': image },
    {
      blob: () => {
        tried += 1;
        stop.abort();
        throw new Error('aborted');
      },
    },
  );
  const downloads = { ...scene.offering().downloads, signal: stop.signal };
  const blobs = small === undefined ? [] : [small];
  await expect(download(name, blobs, 0, downloads)).rejects.toThrow('aborted');
  expect(tried).toBe(1);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobsOf, contentsOf } from '../../src/core/images/contents.ts';
import { missing, pieces, type Stretch, stretchAt, withStretch } from '../../src/core/images/stretches.ts';

const at = (start: number, end: number, file = 'f', from = start): Stretch => ({
  start,
  end,
  file,
  at: from,
});

describe('stretches of a blob', () => {
  test('that follow each other in one file become one', () => {
    expect(withStretch([at(0, 4)], at(4, 9))).toEqual([at(0, 9)]);
    expect(withStretch([at(0, 4), at(20, 30)], at(30, 31))).toEqual([at(0, 4), at(20, 31)]);
  });

  test.each([
    ['another file', at(4, 9, 'g')],
    ['another place in the file', at(4, 9, 'f', 0)],
    ['a gap', at(5, 9)],
  ])('stay apart with %s between them', (_, added) => {
    expect(withStretch([at(0, 4)], added)).toEqual([at(0, 4), added]);
  });

  test('are read from the byte that is wanted on', () => {
    const stretches = [at(0, 4, 'a'), at(4, 9, 'b', 100)];
    expect(stretchAt(stretches, 6)).toEqual({ start: 6, end: 9, file: 'b', at: 102 });
    expect(stretchAt(stretches, 4)?.file).toBe('b');
    expect(stretchAt(stretches, 9)).toBeUndefined();
    expect(stretchAt([], 0)).toBeUndefined();
  });

  const ranges = fc
    .tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }))
    .map(([start, length]) => at(start, start + length));

  test('and what is missing beside them are the whole blob, byte by byte', () => {
    fc.assert(
      fc.property(fc.array(ranges, { maxLength: 6 }), (all) => {
        const gaps = missing(all, 80);
        for (let byte = 0; byte < 80; byte += 1) {
          const lacks = gaps.some(({ start, end }) => start <= byte && byte < end);
          expect(lacks).toBe(stretchAt(all, byte) === undefined);
        }
        expect(gaps.every(({ start, end }) => start < end)).toBe(true);
      }),
    );
  });

  test('are cut into pieces without a byte more or less', () => {
    fc.assert(
      fc.property(fc.array(ranges, { maxLength: 4 }), fc.integer({ min: 1, max: 30 }), (all, most) => {
        const cut = pieces(all, most);
        expect(cut.every(({ start, end }) => start < end && end - start <= most)).toBe(true);
        const bytes = (each: readonly { start: number; end: number }[]) =>
          each.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
        expect(bytes(cut)).toEqual(bytes(all));
      }),
    );
  });
});

const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
const blob = (sign: string, size = 3) => ({ mediaType: 'm', digest: digest(sign), size });
const manifest = (config: unknown, layers: unknown) => JSON.stringify({ schemaVersion: 2, config, layers });

describe('an image manifest', () => {
  test('names its configuration and its layers, the lowest first', () => {
    const extra = { ...blob('b'), annotations: { a: 'b' } };
    expect(contentsOf(manifest(blob('a'), [extra, blob('c')]))).toEqual({
      config: blob('a'),
      layers: [blob('b'), blob('c')],
    });
  });

  test.each([
    ['no JSON', '<html>'],
    ['no object', '[]'],
    ['a list of images', JSON.stringify({ manifests: [blob('a')] })],
    ['without a configuration', manifest(undefined, [blob('a')])],
    ['without layers', manifest(blob('a'), [])],
    ['a layer without a size', manifest(blob('a'), [{ mediaType: 'm', digest: digest('b') }])],
    ['a layer of less than nothing', manifest(blob('a'), [blob('b', -1)])],
    ['a size that is text', manifest(blob('a'), [{ ...blob('b'), size: '3' }])],
    ['half a byte', manifest(blob('a'), [blob('b', 0.5)])],
    ['another hash', manifest(blob('a'), [{ ...blob('b'), digest: `sha512:${'b'.repeat(128)}` }])],
    ['a path for a digest', manifest(blob('a'), [{ ...blob('b'), digest: 'sha256:../../x' }])],
    ['a layer that is none', manifest(blob('a'), [blob('b'), null])],
  ])('is not %s', (_, body) => {
    expect(contentsOf(body)).toBeUndefined();
  });

  test('is understood or not, whatever comes', () => {
    fc.assert(fc.property(fc.json(), (body) => void contentsOf(body)));
  });

  test('that has a layer twice needs it once', () => {
    const contents = { config: blob('a'), layers: [blob('b'), blob('c'), blob('b')] };
    expect(blobsOf(contents)).toEqual([blob('a'), blob('b'), blob('c')]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cacheWins,
  decodeHistory,
  encodeHistory,
  type History,
  historyPrefix,
  learned,
  otherWay,
  type Sample,
  tells,
} from '../../src/core/images/history.ts';
import { cacheHit, type ImageOrigin } from '../../src/core/images/image-record.ts';

const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
const a = digest('a');
const seen = (origin: Sample['origin'], seconds: number, of = a): Sample => ({ digest: of, origin, seconds });
const known = (registry: readonly number[], cache: readonly number[]): History => ({
  [a]: { registry, cache },
});

describe('the cache', () => {
  test.each([
    ['nothing is known', [], [], true],
    ['a single run from it was slow', [1], [9], true],
    ['it was slow, and the registry never tried', [], [9, 9], true],
    ['it is the faster way', [3], [2, 2], true],
    ['both take as long', [2], [2, 2], true],
    ['it is the slower way', [2], [3, 3], false],
    ['one of its runs was fast, the others slow', [2], [1, 3, 3], false],
    ['one of the registry’s runs was fast, the others slow', [1, 9, 9], [3, 3], true],
    ['the middle of four decides', [2.4], [1, 2, 3, 9], false],
  ] as const)('is asked or not where %s', (_, registry, cache, asked) => {
    expect(cacheWins({ registry, cache })).toBe(asked);
  });

  test('is asked for an image that nobody has seen', () => {
    expect(cacheWins(undefined)).toBe(true);
  });

  test.each<[string, readonly ImageOrigin[], boolean]>([
    ['all came from it', ['cache', 'local', 'cache'], true],
    ['one came from a registry', ['cache', 'registry'], false],
    ['the engine pulled one itself', ['cache', 'engine'], false],
    ['all were there', ['local'], false],
    ['there were none', [], false],
  ])('was hit or not where %s', (_, origins, hit) => {
    expect(cacheHit(origins.map((origin) => ({ image: 'i', origin })))).toBe(hit);
  });
});

describe('what a run has seen', () => {
  test('is remembered of either way, to the hundredth, the last five', () => {
    const after = learned(known([1, 2, 3, 4, 5], [7]), [seen('registry', 6.789)]);
    expect(after).toEqual(known([2, 3, 4, 5, 6.79], [7]));
    expect(otherWay(after[a], 'cache')).toBe(4);
    expect(otherWay(after[a], 'registry')).toBe(7);
    expect(otherWay(undefined, 'cache')).toBeUndefined();
    expect(otherWay({ registry: [], cache: [1] }, 'cache')).toBeUndefined();
  });

  test('is remembered of a hundred images, the longest unused forgotten first', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => digest('f').replace('ff', `${index + 100}`));
    const history = Object.fromEntries(hundred.map((each) => [each, { registry: [1], cache: [] }]));
    const after = learned(history, [seen('cache', 1), seen('cache', 1, hundred[0])]);
    expect(Object.keys(after)).toHaveLength(100);
    expect([a, hundred[0] ?? '', hundred[1] ?? ''].map((each) => each in after)).toEqual([true, true, false]);
  });

  test.each([
    ['an image is new', {}, [seen('registry', 1)], true],
    ['it came from the cache for the second time', known([1], [1]), [seen('cache', 1)], true],
    ['both ways are known', known([2], [1, 1]), [seen('cache', 1)], false],
    ['the registry is known', known([2], []), [seen('registry', 2)], false],
    ['the verdict changes', known([2], [1, 3]), [seen('cache', 9)], true],
    ['nothing came', known([2], [1]), [], false],
  ])('is worth an entry or not where %s', (_, history, samples, worth) => {
    expect(tells(history, samples)).toBe(worth);
  });
});

describe('a history', () => {
  test('is read as it was written', () => {
    const history = { ...known([1, 2.5], []), [digest('b')]: { registry: [], cache: [3] } };
    expect(decodeHistory(encodeHistory(history))).toEqual(history);
    expect(historyPrefix('linux/arm/v7')).toBe('paklog-images-2-linux-arm-v7-');
  });

  test.each(['', '{', '[]', 'null', '"x"', '{"image":{"registry":[1]}}'])(
    'is empty where it is %j',
    (text) => {
      expect(decodeHistory(text)).toEqual({});
    },
  );

  test('has of every image what can be read', () => {
    const text = JSON.stringify({ [a]: { registry: [1, '2', -1, null, 9, 1, 2, 3, 4], cache: 'x' } });
    expect(decodeHistory(text)).toEqual(known([9, 1, 2, 3, 4], []));
    expect(decodeHistory(`{"${a}":[]}`)).toEqual(known([], []));
    expect(decodeHistory(`{"${a}":{"cache":[1e999]}}`)).toEqual(known([], []));
  });

  test('can be used whatever was in the file', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const history = decodeHistory(JSON.stringify({ [a]: one, [digest('b')]: { cache: other } }));
        const after = learned(history, [seen('cache', 1)]);
        expect(after[a]?.cache.at(-1)).toBe(1);
        expect(decodeHistory(encodeHistory(after))).toEqual(after);
      }),
    );
  });
});

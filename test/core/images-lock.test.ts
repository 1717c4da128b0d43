import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeLock,
  type Lock,
  lockChanges,
  lockedDigest,
  renderLock,
  staleEntries,
} from '../../src/core/images/lock.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const locked = (index: string, platforms: Readonly<Record<string, string>>) => ({
  index,
  platforms: new Map(Object.entries(platforms)),
});
const both = { 'linux/amd64': digest('1'), 'linux/arm64': digest('2') };
const redis: Lock = new Map([['redis:7', locked(digest('a'), both)]]);

describe('reading a lock', () => {
  test('gives every image its digests', () => {
    const text = `images:
  redis:7:
    index: ${digest('a')}
    linux/amd64: ${digest('1')}
    linux/arm64: ${digest('2')}
`;
    expect(decodeLock(text)).toEqual({ lock: redis, problems: [] });
  });

  test('may find it empty', () => {
    expect(decodeLock('# none yet\nimages: {}\n')).toEqual({ lock: new Map(), problems: [] });
  });

  test.for([
    ['an empty file', '', 'images', 'must be a map of images; `images: {}` locks none'],
    ['a list', 'images: [redis:7]', 'images', 'must be a map of images; `images: {}` locks none'],
    ['no YAML', 'images: {', 'images', expect.stringContaining('is no YAML: ')],
    ['an image twice', 'images: { a: {}, a: {} }', 'images', expect.stringContaining('is no YAML: ')],
    ['no platform', `images: { a: { index: "${digest('a')}" } }`, 'images.a', 'names no platform'],
  ])('says what is wrong with %s', ([, text, where, what]) => {
    expect(decodeLock(text as string)).toEqual({ lock: new Map(), problems: [{ where, what }] });
  });

  test.for([
    ['index', digest('A'), 'must be `sha256:` and 64 hexadecimal digits'],
    ['index', undefined, 'must be `sha256:` and 64 hexadecimal digits'],
    ['linux/arm64', 'sha256:12', 'must be `sha256:` and 64 hexadecimal digits'],
    ['linux/arm64', 5, 'must be `sha256:` and 64 hexadecimal digits'],
    ['arm64', digest('b'), 'is neither `index` nor a platform such as `linux/amd64`'],
  ] as const)('leaves an image out whose %s is %j, and keeps the others', ([key, value, what]) => {
    const entry = { index: digest('a'), ...both };
    const text = JSON.stringify({ images: { 'mongo:7': { ...entry, [key]: value }, 'redis:7': entry } });
    expect(decodeLock(text)).toEqual({ lock: redis, problems: [{ where: `images.mongo:7.${key}`, what }] });
  });
});

describe('the digest of an image', () => {
  const lock: Lock = new Map([
    ['redis:7', locked(digest('a'), { ...both, 'linux/arm/v7': digest('3') })],
    ['__proto__', locked(digest('b'), both)],
  ]);

  test.for([
    ['redis:7', 'linux/amd64', digest('1')],
    ['redis:7', 'linux/arm64', digest('2')],
    ['redis:7', 'linux/arm64/v8', digest('2')],
    ['redis:7', 'linux/arm/v7', digest('3')],
    ['redis:7', 'linux/arm/v6', undefined],
    ['redis:7', 'windows/amd64', undefined],
    ['redis:8', 'linux/amd64', undefined],
    ['toString', 'linux/amd64', undefined],
    ['__proto__', 'linux/amd64', digest('1')],
  ] as const)('%s for %s is %s', ([image, platform, found]) => {
    expect(lockedDigest(lock, image, platform)).toBe(found);
  });
});

describe('writing a lock', () => {
  test('sorts images and platforms, whatever order they came in', () => {
    const turned = { 'linux/arm64': digest('2'), 'linux/amd64': digest('1') };
    const text = renderLock(
      new Map([
        ['redis:7', locked(digest('a'), turned)],
        ['acme/orders:1', locked(digest('b'), turned)],
      ]),
    );
    expect(text.slice(text.indexOf('images:'))).toBe(`images:
  acme/orders:1:
    index: ${digest('b')}
    linux/amd64: ${digest('1')}
    linux/arm64: ${digest('2')}
  redis:7:
    index: ${digest('a')}
    linux/amd64: ${digest('1')}
    linux/arm64: ${digest('2')}
`);
  });

  test('says that an empty one locks nothing, and says it of no other', () => {
    expect(renderLock(new Map())).toContain('It locks nothing yet');
    expect(renderLock(redis)).not.toContain('It locks nothing yet');
  });

  test('is undone by reading', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
    const anyDigest = hex.map((text) => `sha256:${text}`);
    const platforms = fc.dictionary(
      fc.constantFrom('linux/amd64', 'linux/arm64', 'linux/arm/v7'),
      anyDigest,
      {
        minKeys: 1,
      },
    );
    const image = fc.oneof(
      fc.constantFrom('redis:7', 'a/b:1.0', 'localhost:5000/a:1'),
      fc.string({ minLength: 1 }),
    );
    const entry = fc
      .record({ index: anyDigest, platforms })
      .map((each) => locked(each.index, each.platforms));
    fc.assert(
      fc.property(fc.array(fc.tuple(image, entry)), (pairs) => {
        const lock: Lock = new Map(pairs);
        expect(decodeLock(renderLock(lock))).toEqual({ lock, problems: [] });
      }),
    );
  });
});

test('entries for images that are not named are stale', () => {
  expect(staleEntries(redis, ['redis:7', 'mongo:7'])).toEqual([]);
  expect(staleEntries(redis, ['redis:8'])).toEqual([
    { where: 'images.redis:7', what: 'is no image of the Compose file' },
  ]);
});

test.for<[string, Lock, string[]]>([
  ['the same', redis, []],
  ['gone', new Map(), ['redis:7: no longer locked']],
  [
    'new',
    new Map([...redis, ['mongo:7', locked(digest('b'), both)]]),
    [`mongo:7: now locked, ${digest('b')}`],
  ],
  [
    'moved',
    new Map([['redis:7', locked(digest('b'), both)]]),
    [`redis:7: the tag was moved from ${digest('a')} to ${digest('b')}`],
  ],
  [
    'wider',
    new Map([['redis:7', locked(digest('a'), { ...both, 'linux/s390x': digest('4') })]]),
    ['redis:7: other digests for the same index'],
  ],
])('a change is told: %s', ([, after, told]) => {
  expect(lockChanges(redis, after)).toEqual(told);
});

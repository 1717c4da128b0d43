import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  archiveKey,
  type Ingredients,
  isArchive,
  wholeLines,
  withArchives,
  writingOptions,
} from '../../src/core/warm/archive.ts';
import { decodeLearned, encodeLearned } from '../../src/core/warm/learned.ts';

const jvm = { variable: 'JAVA_OPTS', startup: new Map([['TUNING', ['-Xa']]]) };
const described = {
  image: 'acme/app:1',
  command: ['run'],
  environment: { JAVA_OPTS: '-Xmx1g', TUNING: '-Xa', ADDRESS: 'localhost:7001' },
};
const usual: Ingredients = {
  service: 'app',
  platform: 'linux-amd64',
  image: `acme/app@sha256:${'ab'.repeat(32)}`,
  described,
  jvm,
  before: '',
  order: '1 0',
  hash: (text) => Buffer.from(text).toString('base64url').padEnd(12).slice(-12),
};

describe('the key of an archive', () => {
  test('says what it is of', () => {
    expect(archiveKey(usual)).toMatch(/^paklog-jvm-1-linux-amd64-abababababababab-.{12}-app$/);
  });

  const hash = (text: string) => {
    let sum = 0;
    for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_000_007;
    return `${sum}`.padStart(12, '0');
  };
  const keyOf = (more: Partial<Ingredients>) => archiveKey({ ...usual, hash, ...more });
  const withEnv = (more: object) => ({
    described: { ...described, environment: { ...described.environment, ...more } },
  });

  test.each<[string, Partial<Ingredients>]>([
    ['image', { image: `acme/app@sha256:${'cd'.repeat(32)}` }],
    ['platform', { platform: 'linux-arm64' }],
    ['service', { service: 'other' }],
    ['JVM’s options', withEnv({ JAVA_OPTS: '-Xmx2g' })],
    ['start-up options', withEnv({ TUNING: '-Xb' })],
    ['command', { described: { ...described, command: ['walk'] } }],
    ['order of its file system', { order: '0 1' }],
  ])('is another for another %s', (_, more) => {
    expect(keyOf(more)).not.toBe(keyOf({}));
  });

  test('is the same whatever addresses and ports are', () => {
    expect(keyOf(withEnv({ ADDRESS: 'localhost:50123' }))).toBe(keyOf({}));
  });

  test('of an image without a registry comes from its ID', () => {
    expect(keyOf({ image: `sha256:${'ab'.repeat(32)}` })).toBe(keyOf({}));
  });
});

const warming = { service: 'app', key: 'k', jvm, before: '', folder: '/tmp/p/warm/app' };

describe('a service of the model', () => {
  const model = { name: 'p', services: { app: described, other: { image: 'b' } } };

  test('that has an archive maps it, read-only', () => {
    expect(withArchives(model, [{ ...warming, step: 'use' }])).toEqual({
      name: 'p',
      services: {
        app: {
          ...described,
          environment: {
            ...described.environment,
            JAVA_OPTS:
              '-Xmx1g -XX:+IgnoreUnrecognizedVMOptions -Xshare:auto -XX:+VerifySharedSpaces -XX:SharedArchiveFile=/paklog-warm-start/classes.jsa',
          },
          volumes: [
            {
              type: 'bind',
              source: '/tmp/p/warm/app',
              target: '/paklog-warm-start',
              read_only: true,
              bind: { create_host_path: true },
            },
          ],
        },
        other: { image: 'b' },
      },
    });
  });

  test('that has none lists its classes, one list for every process', () => {
    const { services } = withArchives(model, [{ ...warming, step: 'learn' }]);
    expect(services).toMatchObject({
      app: {
        environment: {
          JAVA_OPTS:
            '-Xmx1g -XX:+IgnoreUnrecognizedVMOptions -XX:DumpLoadedClassList=/paklog-warm-start/%p.classes',
        },
        volumes: [{ target: '/paklog-warm-start', read_only: false }],
      },
    });
  });

  test('keeps its other volumes', () => {
    const full = { services: { app: { ...described, volumes: [{ target: '/data' }] } } };
    expect(withArchives(full, [{ ...warming, step: 'use' }])).toMatchObject({
      services: { app: { volumes: [{ target: '/data' }, { target: '/paklog-warm-start' }] } },
    });
  });

  test('writes its archive with its own options, as a command line has them', () => {
    const odd = { environment: { JAVA_OPTS: '-Da=$$b' } };
    expect(writingOptions(odd, jvm, '')).toBe(
      '-Da=$b -XX:+IgnoreUnrecognizedVMOptions -Xshare:dump -XX:SharedClassListFile=/paklog-warm-start/classes.list -XX:SharedArchiveFile=/paklog-warm-start/classes.jsa',
    );
  });
});

describe('a list of classes', () => {
  test.each([
    ['a\nb\nc', 'a\nb\n'],
    ['a\nb\n', 'a\nb\n'],
    ['a', ''],
    ['', ''],
  ])('%j is whole as %j', (list, whole) => {
    expect(wholeLines(list)).toBe(whole);
  });
});

describe('a file', () => {
  const little = Uint8Array.of(0xa2, 0xab, 0x0b, 0xf0, 1);
  test.each<[string, Uint8Array, number, boolean]>([
    ['that begins as archives do', little, 5_000_000, true],
    ['of the other byte order', Uint8Array.of(0xf0, 0x0b, 0xab, 0xa2), 5_000_000, true],
    ['that the JVM has not ended', Uint8Array.of(0, 0, 0, 0), 5_000_000, false],
    ['of a dynamic archive, which needs another', Uint8Array.of(0xa8, 0xab, 0x0b, 0xf0), 5_000_000, false],
    ['that is too small', little, 5000, false],
    ['that is too large', little, 600_000_000, false],
    ['of three bytes', little.subarray(0, 3), 5_000_000, false],
  ])('%s', (_, start, size, whole) => {
    expect(isArchive({ start, size })).toBe(whole);
  });

  test('that is not there is none', () => {
    expect(isArchive(undefined)).toBe(false);
  });

  test('that is a part of another memory is read from its own beginning', () => {
    expect(isArchive({ start: Uint8Array.of(9, ...little).subarray(1), size: 5_000_000 })).toBe(true);
  });
});

describe('what post is to write', () => {
  const learned = { service: 'app', key: 'k', folder: '/f', variable: 'JAVA_OPTS', value: '' };

  test('is read as it was left', () => {
    expect(decodeLearned(encodeLearned([learned]))).toEqual([learned]);
  });

  test('is nothing where it cannot be read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeLearned(text)).toEqual([]);
      }),
    );
    const { key: _key, ...less } = learned;
    expect(decodeLearned(JSON.stringify([less, { ...learned, service: '' }, 7]))).toEqual([]);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { lockImages, type Registries } from '../../scripts/locked-images.ts';
import { lockedDigest } from '../../src/core/images/lock.ts';
import { upstream } from '../../src/images/upstream.ts';
import { blobFiles } from '../../src/io/blob-files.ts';
import { http } from '../../src/io/http.ts';
import { httpServer } from './local-server.ts';

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const signal = new AbortController().signal;

/** A repository whose one tag names an image for each platform. */
function published(repository: string, tag: string) {
  const image = (platform: string) =>
    JSON.stringify({ schemaVersion: 2, config: { digest: sha256(`${repository} ${platform}`) } });
  const platforms = ['linux/s390x', 'linux/arm64', 'linux/amd64'];
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: platforms.map((platform) => {
      const [os, architecture] = platform.split('/');
      return { digest: sha256(image(platform)), platform: { os, architecture } };
    }),
  });
  const bodies = [[tag, index], ...platforms.map((each) => [sha256(image(each)), image(each)])];
  return {
    files: Object.fromEntries(
      bodies.map(([reference, body]) => [`/v2/${repository}/manifests/${reference}`, body]),
    ),
    index: sha256(index),
    digestFor: (platform: string) => sha256(image(platform)),
  };
}

describe('locking images', () => {
  test('asks a registry for the list and for the image of each platform', async () => {
    const [redis, loki] = [published('library/redis', '7'), published('grafana/loki', '3.7.8')];
    const files: Readonly<Record<string, string | undefined>> = { ...redis.files, ...loki.files };
    await using server = await httpServer(({ url = '' }, response) => {
      const body = files[url];
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    // The only address of docker.io that a test can be.
    const registries = upstream([`http://127.0.0.1:${server.port}`], {
      http: http(),
      dockerLogins: async () => undefined,
      blobFiles,
    });
    const lock = await lockImages(['redis:7', 'grafana/loki:3.7.8'], registries, signal);
    expect([...lock].map(([image, { index }]) => [image, index])).toEqual([
      ['redis:7', redis.index],
      ['grafana/loki:3.7.8', loki.index],
    ]);
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      expect(lockedDigest(lock, 'redis:7', platform)).toBe(redis.digestFor(platform));
      expect(lockedDigest(lock, 'grafana/loki:3.7.8', platform)).toBe(loki.digestFor(platform));
    }
    expect(lock.get('redis:7')?.platforms.size).toBe(2);
  });

  test('locks none where one is refused, and names every one that is', async () => {
    const registries: Registries = {
      resolve: async ({ repository }) => {
        if (repository !== 'library/redis') throw new Error('docker.io: HTTP 429');
        return { digest: sha256('image'), index: sha256('index') };
      },
    };
    await expect(lockImages(['a/b:1', 'redis:7', 'mongo:7'], registries, signal)).rejects.toThrow(
      /^a\/b:1: docker\.io: HTTP 429\nmongo:7: docker\.io: HTTP 429$/,
    );
  });

  test.for(['127.0.0.1:5000/redis:7', 'localhost/redis:7', 'localhost:5000/redis:7'])(
    'never asks a registry on this machine, as for %s',
    async (image) => {
      const registries: Registries = {
        resolve: async () => ({ digest: sha256('image'), index: sha256('index') }),
      };
      await expect(lockImages([image], registries, signal)).rejects.toThrow(
        `${image}: a registry on this machine publishes nothing`,
      );
    },
  );

  test('takes no image for that of every platform', async () => {
    const registries: Registries = { resolve: async () => ({ digest: sha256('image') }) };
    await expect(lockImages(['redis:7'], registries, signal)).rejects.toThrow(
      'redis:7: names one image, not a list for several platforms',
    );
  });

  test('gives up where a tag is moved between two questions', async () => {
    const registries: Registries = {
      resolve: async (_, platform) => ({ digest: sha256('image'), index: sha256(platform) }),
    };
    await expect(lockImages(['redis:7'], registries, signal)).rejects.toThrow(
      'redis:7: the tag was moved meanwhile; try again',
    );
  });
});

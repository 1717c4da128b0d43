import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { parseImageName } from '../../src/core/images/image-name.ts';
import { upstream } from '../../src/images/upstream.ts';
import { blobFiles } from '../../src/io/blob-files.ts';
import { http } from '../../src/io/http.ts';
import { httpServer } from './local-server.ts';

const { signal } = new AbortController();
const sha256 = (body: string) => `sha256:${createHash('sha256').update(body).digest('hex')}`;
const registries = (mirrors: readonly string[] = [], asked: string[] = []) =>
  upstream(mirrors, {
    http: http(),
    blobFiles,
    dockerLogins: async (registry) => {
      asked.push(registry);
      return { username: 'ci', secret: 'x' };
    },
  });
const nameOf = (image: string) => parseImageName(image) ?? { registry: '', repository: '', reference: '' };
const at = (port: number, rest = 'a/b:1') => nameOf(`127.0.0.1:${port}/${rest}`);

/** Serves bodies by their path; everything else is missing. */
function serving(files: Readonly<Record<string, string>>, asked: string[] = []): RequestListener {
  return ({ url = '', headers }, response) => {
    asked.push(`${url} ${headers.authorization ?? ''}`.trim());
    const body = files[url];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/x; charset=utf-8' });
    response.end(body);
  };
}

const image = '{"config":{}}';
const index = JSON.stringify({
  manifests: [
    { digest: sha256('arm'), platform: { os: 'linux', architecture: 'arm64' } },
    { digest: sha256(image), platform: { os: 'linux', architecture: 'amd64' } },
  ],
});

describe('a manifest', () => {
  test('is what the name means, with its own digest', async () => {
    await using server = await httpServer(serving({ '/v2/a/b/manifests/1': image }));
    expect(await registries().resolve(at(server.port), 'linux/amd64', signal)).toEqual({
      digest: sha256(image),
      mediaType: 'application/x',
      body: image,
    });
  });

  test('is that of the platform where the name means a list', async () => {
    const files = { '/v2/a/b/manifests/1': index, [`/v2/a/b/manifests/${sha256(image)}`]: image };
    await using server = await httpServer(serving(files));
    const found = await registries().resolve(at(server.port), 'linux/amd64', signal);
    expect(found).toMatchObject({ digest: sha256(image), index: sha256(index), body: image });
    const missing = registries().resolve(at(server.port), 'linux/s390x', signal);
    await expect(missing).rejects.toThrow(`127.0.0.1:${server.port}: there is no image for linux/s390x`);
  });

  test('with another digest than was asked for is none, also behind a list', async () => {
    const other = { '/v2/a/b/manifests/1': index, [`/v2/a/b/manifests/${sha256(image)}`]: `${image} ` };
    await using server = await httpServer(serving(other));
    for (const name of [at(server.port), at(server.port, `a/b@${sha256(image)}`)])
      await expect(registries().resolve(name, 'linux/amd64', signal)).rejects.toThrow(
        'the manifest has another digest',
      );
  });

  test.each([404, 429, 500])('that the registry answers with %d says so', async (status) => {
    await using server = await httpServer((_request, response) => response.writeHead(status).end('{}'));
    await expect(registries().resolve(at(server.port), 'linux/amd64', signal)).rejects.toThrow(
      `127.0.0.1:${server.port}: HTTP ${status}`,
    );
  });

  test('that is longer than any is none', async () => {
    await using server = await httpServer((_request, response) => {
      response.writeHead(200).write(Buffer.alloc(5 * 1024 * 1024, ' '));
    });
    await expect(registries().resolve(at(server.port), 'linux/amd64', signal)).rejects.toThrow(
      'a manifest of more than 4194304 bytes',
    );
  });
});

describe('an image of docker.io', () => {
  test('comes from the first mirror that has it, which is told no login', async () => {
    const [first, second]: [string[], string[]] = [[], []];
    const logins: string[] = [];
    await using empty = await httpServer(serving({}, first));
    await using full = await httpServer(serving({ '/v2/library/redis/manifests/7': image }, second));
    const mirrors = [`http://127.0.0.1:${empty.port}`, `http://127.0.0.1:${full.port}`];
    const found = await registries(mirrors, logins).resolve(nameOf('redis:7'), 'linux/amd64', signal);
    expect(found.digest).toBe(sha256(image));
    expect([first, second]).toEqual([['/v2/library/redis/manifests/7'], ['/v2/library/redis/manifests/7']]);
    expect(logins).toEqual([]);
  });

  test('is told no login by a mirror that asks for one', async () => {
    const logins: string[] = [];
    await using asking = await httpServer((_request, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="m"' }).end(),
    );
    await using full = await httpServer(serving({ '/v2/library/redis/manifests/7': image }));
    const mirrors = [`http://127.0.0.1:${asking.port}`, `http://127.0.0.1:${full.port}`];
    await registries(mirrors, logins).resolve(nameOf('redis:7'), 'linux/amd64', signal);
    expect(logins).toEqual([]);
  });

  test('of another registry never comes from a mirror', async () => {
    const asked: string[] = [];
    await using mirror = await httpServer(serving({}, asked));
    await using own = await httpServer(serving({ '/v2/a/b/manifests/1': image }));
    await registries([`http://127.0.0.1:${mirror.port}`]).resolve(at(own.port), 'linux/amd64', signal);
    expect(asked).toEqual([]);
  });
});

describe('a registry that sends us elsewhere', () => {
  test('has its login kept from there', async () => {
    const seen: string[] = [];
    await using store = await httpServer(serving({ '/blob': 'bytes' }, seen));
    await using server = await httpServer(({ headers }, response) => {
      seen.push(headers.authorization ?? '');
      if (headers.authorization === undefined)
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      return response.writeHead(307, { location: `http://127.0.0.1:${store.port}/blob` }).end();
    });
    const stream = await registries().blob(at(server.port), sha256('bytes'), undefined, signal);
    expect(await text(stream)).toBe('bytes');
    expect(seen).toEqual(['', `Basic ${Buffer.from('ci:x').toString('base64')}`, '/blob']);
  });

  test('on itself keeps its login, and may say so without its name', async () => {
    const seen: (string | undefined)[] = [];
    await using server = await httpServer(({ url = '', headers }, response) => {
      seen.push(headers.authorization);
      if (headers.authorization === undefined)
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      if (url === '/store') return response.writeHead(200).end('bytes');
      return response.writeHead(302, { location: '/store' }).end();
    });
    expect(await text(await registries().blob(at(server.port), sha256('bytes'), undefined, signal))).toBe(
      'bytes',
    );
    expect(seen.map((each) => each !== undefined)).toEqual([false, true, true]);
  });

  test('for ever is left', async () => {
    await using server = await httpServer(({ url = '' }, response) =>
      response.writeHead(302, { location: `${url}x` }).end(),
    );
    await expect(registries().blob(at(server.port), sha256('x'), undefined, signal)).rejects.toThrow(
      `127.0.0.1:${server.port} leads from one address to the next`,
    );
  });
});

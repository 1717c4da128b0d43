import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { openRegistry, type Shelf } from '../../src/io/registry.ts';

const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
const bytes = Buffer.from('0123456789');
const body = Buffer.from('{"config":{}}');

/** A registry with one manifest (`a`) and blobs: one that is there (`b`), those of `more`. */
async function opened(more: Readonly<Record<string, () => AsyncIterable<Buffer>>> = {}) {
  const shelf: Shelf = {
    manifest: (asked) => (asked === digest('a') ? { mediaType: 'application/x', body } : undefined),
    blob: (asked) => {
      const read = more[asked];
      if (read !== undefined) return { size: 10, read };
      if (asked !== digest('b')) return undefined;
      return {
        size: 10,
        async *read({ start, end }) {
          yield bytes.subarray(start, end);
        },
      };
    },
  };
  const registry = await openRegistry(shelf);
  const [, address = '', repository = ''] =
    /^(127\.0\.0\.1:\d+)\/(\w+)@/.exec(registry.nameOf(digest('a'))) ?? [];
  const base = `http://${address}/v2`;
  const ask = (path: string, init: RequestInit = {}) => fetch(`${base}/${path}`, init);
  return {
    registry,
    repository,
    base,
    ask,
    blob: (range?: string, sign = 'b') =>
      ask(`${repository}/blobs/${digest(sign)}`, range === undefined ? {} : { headers: { range } }),
    [Symbol.asyncDispose]: () => registry.close(),
  };
}

describe('the registry for the engine', () => {
  test('is one, on the loopback address, with a name that nobody can guess', async () => {
    await using one = await opened();
    await using other = await opened();
    expect(one.registry.nameOf(digest('a'))).toMatch(/^127\.0\.0\.1:\d+\/[0-9a-f]{32}@sha256:a{64}$/);
    expect(one.repository).not.toBe(other.repository);
    const answer = await one.ask('');
    expect([answer.status, answer.headers.get('docker-distribution-api-version')]).toEqual([
      200,
      'registry/2.0',
    ]);
  });

  test.each(['GET', 'HEAD'])('answers %s for a manifest by its digest', async (method) => {
    await using shelf = await opened();
    const answer = await shelf.ask(`${shelf.repository}/manifests/${digest('a')}`, { method });
    expect([answer.status, await answer.text()]).toEqual([200, method === 'GET' ? body.toString() : '']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/x',
      'content-length': String(body.length),
      'docker-content-digest': digest('a'),
    });
  });

  test('answers HEAD for a blob without reading it', async () => {
    await using shelf = await opened({
      // biome-ignore lint/correctness/useYield: it must not come so far.
      [digest('c')]: async function* () {
        throw new Error('was read');
      },
    });
    const answer = await shelf.ask(`${shelf.repository}/blobs/${digest('c')}`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '10']);
  });

  test.each([
    [undefined, 200, '0123456789', null],
    ['bytes=0-', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
  ])('gives of a blob, asked with %s, the right bytes', async (range, status, text, said) => {
    await using shelf = await opened();
    const answer = await shelf.blob(range);
    expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
      status,
      text,
      said,
    ]);
  });

  test.each(['bytes=10-', 'bytes=5-2', 'bytes=-0', 'bytes=-', 'bytes=0-1,4-5', 'lines=0-1'])(
    'has no range %s',
    async (range) => {
      await using shelf = await opened();
      expect((await shelf.blob(range)).status).toBe(416);
    },
  );

  test('has nothing under another name, without a digest, or that it was not given', async () => {
    await using shelf = await opened();
    const [a, b, c] = [digest('a'), digest('b'), digest('c')];
    const paths = [
      [`library/redis/manifests/${a}`, 'NAME_UNKNOWN'],
      [`${'0'.repeat(32)}/blobs/${b}`, 'NAME_UNKNOWN'],
      [`${shelf.repository}/manifests/latest`, 'NAME_UNKNOWN'],
      [`${shelf.repository}/tags/list`, 'NAME_UNKNOWN'],
      ['_catalog', 'NAME_UNKNOWN'],
      [`${shelf.repository}/manifests/${c}`, 'MANIFEST_UNKNOWN'],
      [`${shelf.repository}/manifests/${b}`, 'MANIFEST_UNKNOWN'],
      [`${shelf.repository}/blobs/${c}`, 'BLOB_UNKNOWN'],
    ];
    for (const [path = '', code] of paths) {
      const answer = await shelf.ask(path);
      expect([path, answer.status, await answer.json()]).toMatchObject([path, 404, { errors: [{ code }] }]);
    }
  });

  test.each(['PUT', 'POST', 'PATCH', 'DELETE'])('is not written to: %s', async (method) => {
    await using shelf = await opened();
    expect((await shelf.ask(`${shelf.repository}/manifests/${digest('a')}`, { method })).status).toBe(405);
  });

  test('gives out a blob while it still arrives', async () => {
    const rest = Promise.withResolvers<Buffer>();
    await using shelf = await opened({
      [digest('c')]: async function* () {
        yield bytes.subarray(0, 4);
        yield await rest.promise;
      },
    });
    const answer = await shelf.blob(undefined, 'c');
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('0123');
    rest.resolve(bytes.subarray(4));
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('456789');
    expect((await reader?.read())?.done).toBe(true);
  });

  test('breaks off where a blob fails, and goes on with others', async () => {
    await using shelf = await opened({
      [digest('c')]: async function* () {
        yield bytes.subarray(0, 4);
        throw new Error('no more');
      },
    });
    const sent = request(`${shelf.base}/${shelf.repository}/blobs/${digest('c')}`).end();
    const [answer] = await once(sent, 'response');
    expect(answer.headers['content-length']).toBe('10');
    answer.resume();
    await expect(once(answer, 'end')).rejects.toThrow('aborted');
    expect(await (await shelf.blob()).text()).toBe('0123456789');
  });

  test('is gone once it is closed, also for who still reads', async () => {
    const shelf = await opened({
      [digest('c')]: async function* () {
        yield bytes.subarray(0, 4);
        await new Promise(() => {});
      },
    });
    const answer = await shelf.blob(undefined, 'c');
    await shelf.registry.close();
    await expect(answer.text()).rejects.toThrow();
    await expect(shelf.ask('')).rejects.toThrow();
  });
});

import { describe, expect, test } from 'vitest';
import { cacheVersion, resultsService } from '../runner/results-service.ts';
import { call, download, type Env, finish, given, hit, put, reserve, save } from './cache-service-calls.ts';

describe.concurrent('an entry', () => {
  test('is there when its upload is finished, with its size, for all who come later', async () => {
    await using service = await resultsService();
    const { body } = await reserve(service.env, 'a');
    await put(body['signed_upload_url'], 'hello');
    expect([await hit(service.env, 'a'), service.caches]).toEqual([undefined, []]);
    expect((await finish(service.env, 'a', 5)).body).toEqual({ ok: true, entry_id: '1' });
    expect(await hit(service.job(), 'a')).toBe('a');
    expect(service.caches.map(({ key, ref, size, bytes }) => [key, ref, size, bytes.toString()])).toEqual([
      ['a', 'refs/heads/main', 5, 'hello'],
    ]);
  });

  test('never changes: its key is taken from its reservation on, for its version and ref', async () => {
    await using service = await resultsService();
    const conflict = {
      status: 409,
      body: {
        code: 'already_exists',
        msg: 'cache entry with the same key, version, and scope already exists',
      },
    };
    await reserve(service.env, 'a');
    expect(await reserve(service.env, 'a')).toEqual(conflict);
    await save(service.env, 'b');
    expect(await reserve(service.job(), 'b')).toEqual(conflict);
    expect((await reserve(service.env, 'b', 'w')).body['ok']).toBe(true);
    expect((await reserve(service.job({ ref: 'refs/heads/other' }), 'b')).body['ok']).toBe(true);
  });

  test.for([
    ['nothing has arrived', undefined, 0, 'invalid_argument'],
    ['less has arrived', 'abc', 4, 'invalid_argument'],
    ['all has arrived', 'abcd', 4, undefined],
  ] as const)('is finished by what has arrived: %s', async ([, text, size, code]) => {
    await using service = await resultsService();
    const { body } = await reserve(service.env, 'a');
    if (text !== undefined) await put(body['signed_upload_url'], text);
    expect((await finish(service.env, 'a', size)).body['code']).toBe(code);
    expect(service.caches).toHaveLength(code === undefined ? 1 : 0);
  });

  test('is finished once, and only when it was reserved', async () => {
    await using service = await resultsService();
    expect((await finish(service.env, 'a', 1)).body['code']).toBe('not_found');
    await save(service.env, 'a');
    expect((await finish(service.env, 'a', 1)).body['code']).toBe('not_found');
  });

  test('is given before the first job, or as a reservation that nobody finishes', async () => {
    await using service = await resultsService({
      cache: { entries: [...given('a'), { key: 'stuck', version: 'v' }] },
    });
    expect(await (await download(service.env, 'a')).text()).toBe('a');
    expect(await hit(service.env, 'stuck')).toBe(undefined);
    expect((await reserve(service.env, 'stuck')).status).toBe(409);
    expect(service.caches.map(({ key }) => key)).toEqual(['a']);
  });
});

describe.concurrent('a key', () => {
  test.for<readonly [string, string, readonly string[], string | undefined]>([
    ['exactly, although another begins so and is newer', 'app', [], 'app'],
    ['as a beginning: the newest', 'app-', [], 'app-2'],
    ['in no entry', 'web', [], undefined],
    ['before the restore keys', 'app-1', ['app-2'], 'app-1'],
    ['or else the first restore key that is found', 'web', ['db', 'app-', 'app'], 'app-2'],
  ])('is found %s', async ([, key, restoreKeys, found]) => {
    await using service = await resultsService({ cache: { entries: given('app', 'app-1', 'app-2') } });
    expect(await hit(service.env, key, restoreKeys)).toBe(found);
  });

  test('is found in its own version alone', async () => {
    await using service = await resultsService({ cache: { entries: given('app') } });
    expect(await hit(service.env, 'app', ['a'], 'w')).toBe(undefined);
  });

  test('and a version are necessary', async () => {
    await using service = await resultsService();
    expect((await reserve(service.env, '')).body['code']).toBe('invalid_argument');
    expect((await reserve(service.env, 'a', '')).body['code']).toBe('invalid_argument');
  });
});

describe.concurrent('a token', () => {
  const pull = { ref: 'refs/pull/7/merge', base: 'refs/heads/next' };

  test('reads its own ref, its base and the default branch, in this order', async () => {
    await using service = await resultsService();
    const [next, other] = [service.job({ ref: pull.base }), service.job({ ref: 'refs/heads/other' })];
    const job = service.job(pull);
    await save(other, 'k-other');
    expect(await hit(job, 'k')).toBe(undefined);
    await save(service.env, 'k-main');
    expect(await hit(job, 'k')).toBe('k-main');
    await save(next, 'k-next');
    expect(await hit(job, 'k')).toBe('k-next');
    await save(job, 'k-own');
    expect(await hit(service.job(pull), 'k')).toBe('k-own');
    expect(await hit(job, 'k-main', ['k'])).toBe('k-own');
  });

  test('writes its own ref alone', async () => {
    await using service = await resultsService();
    await save(service.job(pull), 'k');
    expect(service.caches.map(({ ref }) => ref)).toEqual(['refs/pull/7/merge']);
    const others = [{}, { ref: pull.base }, { ref: 'refs/pull/8/merge' }].map((token) => service.job(token));
    expect(await Promise.all(others.map((env) => hit(env, 'k')))).toEqual([undefined, undefined, undefined]);
  });

  test.for([
    ['none', false, false],
    ['read', true, false],
    ['write-only', false, true],
    ['write', true, true],
  ] as const)('of mode %s: reads %s, writes %s', async ([mode, reads, writes]) => {
    await using service = await resultsService({ cache: { token: { mode }, entries: given('k') } });
    const { status, body } = await call(service.env, 'GetCacheEntryDownloadURL', { key: 'k', version: 'v' });
    const denial = 'cache read denied: token has no readable scopes';
    expect([status, body['ok'], body['msg']]).toEqual(
      reads ? [200, true, undefined] : [403, undefined, denial],
    );
    expect(await reserve(service.env, 'new')).toMatchObject(
      writes
        ? { status: 200, body: { ok: true } }
        : { status: 200, body: { ok: false, message: 'cache write denied: token has no writable scopes' } },
    );
    expect(service.env['ACTIONS_CACHE_MODE']).toBe(undefined);
    expect(service.job({ mode, announced: true })['ACTIONS_CACHE_MODE']).toBe(mode);
  });

  test('says in its claims what it may do, as GitHub’s does', async () => {
    await using service = await resultsService();
    const scopes = (env: Env): unknown => {
      const [, claims = ''] = (env['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.');
      const { ac } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { ac: string };
      return JSON.parse(ac);
    };
    expect(scopes(service.env)).toEqual([{ Scope: 'refs/heads/main', Permission: 3 }]);
    expect(scopes(service.job({ ...pull, mode: 'read' }))).toEqual(
      [pull.ref, pull.base, 'refs/heads/main'].map((Scope) => ({ Scope, Permission: 1 })),
    );
    expect(scopes(service.job({ mode: 'none' }))).toEqual([]);
  });

  test('nobody knows is refused', async () => {
    await using service = await resultsService();
    expect((await reserve({ ...service.env, ACTIONS_RUNTIME_TOKEN: 'x' }, 'a')).status).toBe(401);
  });
});

test('the version of paths does not depend on anything but their names and order', () => {
  expect(cacheVersion(['a', 'b'])).toMatch(/^[\da-f]{64}$/);
  expect(cacheVersion(['a', 'b'])).not.toBe(cacheVersion(['b', 'a']));
});

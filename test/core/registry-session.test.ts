import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../src/core/images/docker-login.ts';
import { registrySession } from '../../src/images/registry-session.ts';
import { http } from '../../src/io/http.ts';
import { httpServer } from './local-server.ts';

const { signal } = new AbortController();
const basic = (user: string) => `Basic ${Buffer.from(user).toString('base64')}`;

interface Asked {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly form?: string;
}

/** A registry whose token server is itself; it takes the tokens that it has given out, as long as they are `valid`. */
function tokenRegistry(tokens: (asked: Asked) => { status?: number; body?: string; reset?: boolean }) {
  const asked: Asked[] = [];
  const valid = new Set<string>();
  const listener: RequestListener = async (request, response) => {
    const { url = '', headers } = request;
    const { authorization } = headers;
    const form = request.method === 'POST' ? await text(request) : undefined;
    const now = { url, authorization, ...(form === undefined ? {} : { form }) };
    asked.push(now);
    if (url.startsWith('/token')) {
      const { status = 200, body = '', reset = false } = tokens(now);
      if (reset) return request.socket.resetAndDestroy();
      valid.add(`Bearer ${/"(?:access_)?token":"(\w+)"/.exec(body)?.[1]}`);
      return response.writeHead(status).end(body);
    }
    if (valid.has(authorization ?? '')) return response.writeHead(200).end('bytes');
    const realm = `Bearer realm="http://${headers.host}/token",service="s",scope="repository:a/b:pull"`;
    return response.writeHead(401, { 'www-authenticate': realm }).end('{}');
  };
  return { listener, asked, valid };
}

function session(port: number, login?: Credentials) {
  let read = 0;
  const credentials = async () => {
    read += 1;
    // As a credential helper, which is a process.
    await sleep(10);
    return login;
  };
  const { get, usesLogin } = registrySession(`http://127.0.0.1:${port}`, 'a/b', credentials, http());
  const ask = async (path = 'blobs/x') => {
    const answer = await get(path, { accept: 'y' }, signal);
    return [answer.status, await text(answer.body)] as const;
  };
  return { ask, usesLogin, reads: () => read };
}

const tokensAsked = (asked: readonly Asked[]) => asked.filter(({ url }) => url.startsWith('/token'));

describe('a registry that wants tokens', () => {
  test('gives one to anybody, which is used again', async () => {
    const { listener, asked } = tokenRegistry(() => ({ body: '{"token":"t1"}' }));
    await using server = await httpServer(listener);
    const { ask, usesLogin } = session(server.port);
    expect([await ask(), await ask('blobs/y')]).toEqual([
      [200, 'bytes'],
      [200, 'bytes'],
    ]);
    expect(asked.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/v2/a/b/blobs/x', undefined],
      ['/token?service=s&scope=repository%3Aa%2Fb%3Apull', undefined],
      ['/v2/a/b/blobs/x', 'Bearer t1'],
      ['/v2/a/b/blobs/y', 'Bearer t1'],
    ]);
    expect(usesLogin()).toBe(false);
  });

  test('is told the user’s login, at the token server alone', async () => {
    const { listener, asked } = tokenRegistry(() => ({ body: '{"access_token":"t1"}' }));
    await using server = await httpServer(listener);
    const { ask, usesLogin } = session(server.port, { username: 'ci', secret: 'x:y' });
    expect(await ask()).toEqual([200, 'bytes']);
    expect(usesLogin()).toBe(true);
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      undefined,
      basic('ci:x:y'),
      'Bearer t1',
    ]);
  });

  test('is sent an identity token in a form', async () => {
    const { listener, asked } = tokenRegistry(() => ({ body: '{"access_token":"t1"}' }));
    await using server = await httpServer(listener);
    expect(await session(server.port, { username: '<token>', secret: 'long' }).ask()).toEqual([200, 'bytes']);
    const [, { form = '', authorization } = { authorization: '' }] = asked;
    expect(authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(form))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'long',
      service: 's',
      scope: 'repository:a/b:pull',
    });
  });

  test('is asked for one by many requests that are refused at once', async () => {
    const { listener, asked } = tokenRegistry(() => ({ body: '{"token":"t1"}' }));
    await using server = await httpServer(listener);
    const { ask, reads } = session(server.port);
    const all = await Promise.all(Array.from({ length: 5 }, (_, index) => ask(`blobs/${index}`)));
    expect(all.map(([status]) => status)).toEqual([200, 200, 200, 200, 200]);
    expect([tokensAsked(asked).length, reads()]).toEqual([1, 1]);
  });

  test('gives another one when the first is no longer good', async () => {
    let given = 0;
    const { listener, valid } = tokenRegistry(() => {
      given += 1;
      return { body: `{"token":"t${given}"}` };
    });
    await using server = await httpServer(listener);
    const { ask } = session(server.port);
    await ask();
    valid.clear();
    expect(await ask()).toEqual([200, 'bytes']);
    expect(given).toBe(2);
  });

  test('is asked again after a token server that broke off', async () => {
    let tried = 0;
    const { listener } = tokenRegistry(() => {
      tried += 1;
      return tried === 1 ? { reset: true } : { body: '{"token":"t1"}' };
    });
    await using server = await httpServer(listener);
    const { ask } = session(server.port);
    await expect(ask()).rejects.toThrow();
    expect(await ask()).toEqual([200, 'bytes']);
  });

  test.each([
    ['refuses', { status: 403, body: '{}' }],
    ['has none', { body: '{}' }],
  ])('says no where its token server %s', async (_, answer) => {
    const { listener } = tokenRegistry(() => answer);
    await using server = await httpServer(listener);
    expect(await session(server.port).ask()).toEqual([401, '{}']);
  });
});

describe('a registry that wants a name and a password', () => {
  const listener: RequestListener = ({ headers }, response) => {
    if (headers.authorization === basic('ci:x')) return response.writeHead(200).end('bytes');
    return response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end('no');
  };

  test.each([
    ['the right ones', { username: 'ci', secret: 'x' }, [200, 'bytes']],
    ['wrong ones', { username: 'ci', secret: 'y' }, [401, 'no']],
    ['none', undefined, [401, 'no']],
  ] as const)('answers to %s', async (_, login, answer) => {
    await using server = await httpServer(listener);
    expect(await session(server.port, login).ask()).toEqual(answer);
  });
});

describe('a registry that wants nothing', () => {
  test('is told nothing', async () => {
    await using server = await httpServer((_request, response) => response.writeHead(200).end('bytes'));
    const { ask, reads } = session(server.port, { username: 'ci', secret: 'x' });
    expect(await ask()).toEqual([200, 'bytes']);
    expect(reads()).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { probes } from '../../src/io/probes.ts';
import { httpServer, tcpServer } from './local-server.ts';

const host = '127.0.0.1';

async function closedPort(): Promise<number> {
  const server = await tcpServer(() => {});
  await server[Symbol.asyncDispose]();
  return server.port;
}

describe('a post', () => {
  const post = (port: number, more: { patience?: number; status?: readonly number[] } = {}) =>
    probes.post(
      { host, port, path: '/tables', body: '{"a":1}', status: [200], patience: 5000, ...more },
      new AbortController().signal,
    );

  test('sends JSON once, and passes on every status of success', async () => {
    const heard: string[] = [];
    await using server = await httpServer((request, response) => {
      const type = request.headers['content-type'];
      request.on('data', (body: Buffer) => heard.push(`${request.method} ${request.url} ${type} ${body}`));
      request.on('end', () => response.writeHead(409).end('there already'));
    });
    expect(await post(server.port, { status: [200, 409] })).toBeUndefined();
    expect(heard).toEqual(['POST /tables application/json {"a":1}']);
    expect(await post(server.port)).toBe('HTTP 409: there already');
  });

  test('says why there is no answer', async () => {
    await using silent = await httpServer(() => {});
    expect(await post(silent.port, { patience: 50 })).toBe('no answer within 50 ms');
    expect(await post(await closedPort())).toBe('ECONNREFUSED');
  });
});

import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { http } from '../../src/io/http.ts';
import { httpServer, tcpServer } from './local-server.ts';

const { signal } = new AbortController();
const urlOf = ({ port }: { readonly port: number }, path = '/') => new URL(`http://127.0.0.1:${port}${path}`);

describe('a request', () => {
  test('has its headers, and its answer is there before its body', async () => {
    const body = Promise.withResolvers<string>();
    await using server = await httpServer(async ({ headers }, response) => {
      response.writeHead(203, { 'x-said': headers['x-say'] ?? '' }).flushHeaders();
      response.end(await body.promise);
    });
    const answer = await http().get(urlOf(server), { 'x-say': 'yes' }, signal);
    expect([answer.status, answer.headers['x-said']]).toEqual([203, 'yes']);
    body.resolve('bytes');
    expect(await text(answer.body)).toBe('bytes');
  });

  test('with a form is one', async () => {
    let said: unknown;
    await using server = await httpServer(async (request, response) => {
      said = [request.method, request.headers['content-type'], await text(request)];
      response.end();
    });
    (await http().post(urlOf(server), { a: 'b c', d: '&' }, signal)).body.resume();
    expect(said).toEqual(['POST', 'application/x-www-form-urlencoded', 'a=b+c&d=%26']);
  });

  test.each([301, 302, 307, 308])('is not sent elsewhere by a %d', async (status) => {
    await using server = await httpServer((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end('moved');
    });
    const { status: answered, headers, body } = await http().get(urlOf(server), {}, signal);
    expect([answered, headers.location, await text(body)]).toEqual([status, '/elsewhere', 'moved']);
  });

  test('uses the connection of the one before', async () => {
    const ports = new Set<number | undefined>();
    await using server = await httpServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('x');
    });
    const client = http();
    for (const path of ['/a', '/b', '/c'])
      await text((await client.get(urlOf(server, path), {}, signal)).body);
    expect(ports.size).toBe(1);
  });
});

describe('a server', () => {
  test('that nobody is behind gives no answer', async () => {
    const server = await httpServer(() => {});
    await server[Symbol.asyncDispose]();
    await expect(http().get(urlOf(server), {}, signal)).rejects.toThrow('ECONNREFUSED');
  });

  test('that never answers is left', async () => {
    await using server = await httpServer(() => {});
    await expect(http(100).get(urlOf(server), {}, signal)).rejects.toThrow('timeout');
  });

  test('that falls silent in its answer ends it', async () => {
    await using server = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
    });
    const { body } = await http(100).get(urlOf(server), {}, signal);
    await expect(text(body)).rejects.toThrow(`127.0.0.1:${server.port} fell silent`);
  });

  test('that breaks off in its answer ends it', async () => {
    await using server = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'));
    });
    const { body } = await http().get(urlOf(server), {}, signal);
    await expect(text(body)).rejects.toThrow('aborted');
  });
});

describe('an abort', () => {
  test('before a request keeps it from being sent', async () => {
    let asked = 0;
    await using server = await httpServer((_request, response) => {
      asked += 1;
      response.end();
    });
    await expect(http().get(urlOf(server), {}, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(asked).toBe(0);
  });

  test('while nothing is answered yet ends the wait', async () => {
    const stop = new AbortController();
    await using server = await httpServer(() => stop.abort(new Error('over')));
    await expect(http().get(urlOf(server), {}, stop.signal)).rejects.toThrow('over');
  });

  test('in an answer ends that', async () => {
    const stop = new AbortController();
    await using server = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
    });
    const { body } = await http().get(urlOf(server), {}, stop.signal);
    const failed = once(body, 'error');
    stop.abort();
    expect((await failed)[0]).toMatchObject({ name: 'AbortError' });
  });
});

import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { NoRanges, upstream } from '../../src/images/upstream.ts';
import { blobFiles } from '../../src/io/blob-files.ts';
import { http } from '../../src/io/http.ts';
import { httpServer } from './local-server.ts';

const { signal } = new AbortController();
const sha256 = (body: string) => `sha256:${createHash('sha256').update(body).digest('hex')}`;
const registries = () => upstream([], { http: http(), blobFiles, dockerLogins: async () => undefined });
const at = (port: number) => ({ registry: `127.0.0.1:${port}`, repository: 'a/b', reference: '1' });

describe('a refusal', () => {
  test.each([
    [401, true],
    [403, true],
    [404, true],
    [429, true],
    [408, false],
    [500, false],
    [503, false],
  ])('with HTTP %d lasts: %s', async (status, lasting) => {
    await using server = await httpServer((_request, response) => response.writeHead(status).end());
    const asked = registries().blob(at(server.port), sha256('x'), undefined, signal);
    await expect(asked).rejects.toMatchObject({ lasting });
  });

  test('does not last where nobody is there', async () => {
    const server = await httpServer(() => {});
    await server[Symbol.asyncDispose]();
    const asked = registries().blob(at(server.port), sha256('x'), undefined, signal);
    await expect(asked).rejects.toMatchObject({ lasting: false });
  });
});

describe('a part of a blob', () => {
  const bytes = '0123456789';
  const read = async (listener: RequestListener) => {
    await using server = await httpServer(listener);
    return text(await registries().blob(at(server.port), sha256(bytes), { start: 3, end: 6 }, signal));
  };

  test('is asked for and comes', async () => {
    let range: string | undefined;
    const part = await read(({ headers }, response) => {
      range = headers.range;
      response.writeHead(206, { 'content-range': 'bytes 3-5/10' }).end('345');
    });
    expect([range, part]).toEqual(['bytes=3-5', '345']);
  });

  test('is not taken from a server that sends all of it again for every part', async () => {
    const asked = read((_request, response) => response.writeHead(200).end(bytes));
    await expect(asked).rejects.toThrow(NoRanges);
  });

  test('comes from such a server where it is the first', async () => {
    await using server = await httpServer((_request, response) => response.writeHead(200).end(bytes));
    const part = registries().blob(at(server.port), sha256(bytes), { start: 0, end: 6 }, signal);
    expect(await text(await part)).toBe(bytes);
  });

  test.each([
    ['another part', 206, { 'content-range': 'bytes 0-2/10' }],
    ['a part that it does not name', 206, {}],
    ['no such part', 416, {}],
  ])('is not taken from a server that has %s', async (_, status, headers) => {
    await expect(
      read((_request, response) => response.writeHead(status, headers).end('012')),
    ).rejects.toThrow(`HTTP ${status}`);
  });
});

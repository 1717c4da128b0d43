import { describe, expect, test } from 'vitest';
import { eventually, http, httpJson, httpOk } from '../../smoke/clients/http.ts';
import { BrokenPromise } from '../../smoke/core/check.ts';
import { httpServer, tcpServer } from './local-server.ts';

const never = new AbortController().signal;

async function brokenBy(attempt: Promise<unknown>): Promise<BrokenPromise> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BrokenPromise) return error;
  throw new Error(`no broken promise: ${String(error)}`);
}

describe('a request', () => {
  test('is named with its method, address and body, and its answer with its status', async () => {
    await using server = await httpServer((_, response) => response.writeHead(503).end('not yet'));
    const url = `http://127.0.0.1:${server.port}/tables`;
    const broken = await brokenBy(httpOk(url, never, { json: { a: 1 } }));
    expect(broken.request).toBe(`POST ${url} {"a":1}`);
    expect(broken.answer).toBe('HTTP 503 not yet');
    expect(await http(url, never)).toMatchObject({ request: `GET ${url}`, status: 503 });
  });

  test('that is not answered breaks the promise, too, and says why', async () => {
    const gone = await tcpServer(() => {});
    await gone[Symbol.asyncDispose]();
    expect((await brokenBy(http(`http://127.0.0.1:${gone.port}`, never))).answer).toContain('ECONNREFUSED');
    await using silent = await httpServer(() => {});
    const late = await brokenBy(http(`http://127.0.0.1:${silent.port}`, AbortSignal.timeout(50)));
    expect(late.answer).toBe('no answer before the deadline');
  });

  test('for JSON that is answered with something else', async () => {
    await using server = await httpServer((_, response) => response.end('<html>'));
    const broken = await brokenBy(httpJson(`http://127.0.0.1:${server.port}`, never));
    expect(broken.answer).toBe('this is not JSON: HTTP 200 <html>');
  });
});

describe('an attempt', () => {
  test('is repeated until it breaks nothing', async () => {
    let count = 0;
    const third = async () => {
      count += 1;
      if (count < 3) throw new BrokenPromise('q', `a${count}`);
      return count;
    };
    expect(await eventually(never, third)).toBe(3);
  });

  test('that never does is told by its last whole answer, not by what the deadline cut off', async () => {
    const deadline = new AbortController();
    let count = 0;
    const attempt = async () => {
      count += 1;
      if (count === 2) deadline.abort();
      throw new BrokenPromise('q', `a${count}`);
    };
    expect((await brokenBy(eventually(deadline.signal, attempt))).answer).toBe('a1');
  });
});

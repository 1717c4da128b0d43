import { describe, expect, test } from 'vitest';
import type { Part } from '../../src/core/bytes.ts';
import { probes } from '../../src/io/probes.ts';
import { httpServer, type LocalServer, tcpServer } from './local-server.ts';

const host = '127.0.0.1';
const text = (value: string): Part => ({ kind: 'text', value });

function turn(send: string, starts: string, ...contains: string[]) {
  return { send: [text(send)], expect: { starts: [text(starts)], contains: contains.map(text) } };
}

function askTcp({ port }: { port: number }, exchange = [turn('PING', '+PONG')]) {
  return probes.tcp({ host, port, exchange, fill: (template) => template.replace('{port}', String(port)) });
}

function askHttp({ port }: { port: number }, more: { status?: number; body?: RegExp; user?: string } = {}) {
  return probes.http({ host, port, path: '/ready?a=b', status: 200, ...more });
}

async function closedPort(): Promise<LocalServer> {
  const server = await tcpServer(() => {});
  await server[Symbol.asyncDispose]();
  return server;
}

describe('tcp passes', () => {
  test('on the right words', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.write('+PONG\r\n')));
    expect(await askTcp(server)).toBeUndefined();
    expect(server.heard()).toBe('PING');
  });

  test('on the right words in two pieces', async () => {
    await using server = await tcpServer((socket) => {
      socket.write('+PO');
      setTimeout(() => socket.write('NG'), 20);
    });
    expect(await askTcp(server)).toBeUndefined();
  });

  test('on several turns of one connection, each answered before the next is sent', async () => {
    await using server = await tcpServer((socket, heard) =>
      socket.on('data', () => socket.write(heard() === 'one' ? 'uno' : `due:${server.port}`)),
    );
    expect(await askTcp(server, [turn('one', 'uno'), turn('two', 'due', ':{port}')])).toBeUndefined();
    expect(server.heard()).toBe('onetwo');
  });
});

describe.concurrent('tcp does not pass', () => {
  test('where nothing listens', async () => {
    expect(await askTcp(await closedPort())).toBe('ECONNREFUSED');
  });

  test('on a connection that is accepted and closed, as a proxy before its container does', async () => {
    await using server = await tcpServer((socket) => socket.end());
    expect(await askTcp(server)).toBe('the connection was closed');
  });

  test('on a connection that is reset', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await askTcp(server)).toBe('ECONNRESET');
  });

  test('on other words, which are told', async () => {
    await using server = await tcpServer((socket) => socket.write('-LOADING\u0001 data'));
    expect(await askTcp(server)).toBe('another answer than expected: -LOADING. data');
  });

  test('on half of the words and an end', async () => {
    await using server = await tcpServer((socket) => socket.end('+PO'));
    expect(await askTcp(server)).toBe('the connection was closed: +PO');
  });

  test('on the right first turn and a wrong second', async () => {
    await using server = await tcpServer((socket, heard) =>
      socket.on('data', () => socket.write(heard() === 'one' ? 'uno' : 'no')),
    );
    expect(await askTcp(server, [turn('one', 'uno'), turn('two', 'due')])).toBe(
      'another answer than expected: no',
    );
  });

  test('on words of the first turn that come again', async () => {
    await using server = await tcpServer((socket) => socket.once('data', () => socket.end('uno')));
    expect(await askTcp(server, [turn('one', 'uno'), turn('two', 'uno')])).toContain('closed');
  });
});

describe('http passes', () => {
  test('on the status, at the path, with no connection kept', async () => {
    const asked: unknown[] = [];
    await using server = await httpServer((request, response) => {
      asked.push([request.method, request.url, request.headers.connection, request.headers.authorization]);
      response.end('ok');
    });
    expect(await askHttp(server)).toBeUndefined();
    expect(asked).toEqual([['GET', '/ready?a=b', 'close', undefined]]);
  });

  test('on another status where that is wanted', async () => {
    await using server = await httpServer((_, response) => response.writeHead(503).end());
    expect(await askHttp(server, { status: 503 })).toBeUndefined();
  });

  test('on a body that arrives slowly', async () => {
    await using server = await httpServer((_, response) => {
      response.write('{"status":');
      setTimeout(() => response.end('"UP"}'), 50);
    });
    expect(await askHttp(server, { body: /"status":"UP"/ })).toBeUndefined();
  });

  test('with the right name and password', async () => {
    await using server = await httpServer((request, response) => {
      const right =
        request.headers.authorization === `Basic ${Buffer.from('admin:pass:word').toString('base64')}`;
      response.writeHead(right ? 200 : 401).end();
    });
    expect(await askHttp(server, { user: 'admin:pass:word' })).toBeUndefined();
    expect(await askHttp(server)).toBe('HTTP 401 from /ready?a=b');
  });
});

describe.concurrent('http does not pass', () => {
  test('where nothing listens', async () => {
    expect(await askHttp(await closedPort())).toBe('ECONNREFUSED');
  });

  test.each([302, 404, 503])('on status %i, whose text is told on one line', async (status) => {
    await using server = await httpServer((_, response) => response.writeHead(status).end(' not\n ready '));
    expect(await askHttp(server)).toBe(`HTTP ${status} from /ready?a=b: not ready`);
  });

  test('on a body without the words', async () => {
    await using server = await httpServer((_, response) => response.end('{"status":"DOWN"}'));
    expect(await askHttp(server, { body: /"UP"/ })).toBe(
      'HTTP 200 from /ready?a=b without /"UP"/: {"status":"DOWN"}',
    );
  });

  test('on a text that is long, of which the beginning is told', async () => {
    await using server = await httpServer((_, response) =>
      response.writeHead(500).end('x'.repeat(5_000_000)),
    );
    expect(await askHttp(server)).toBe(`HTTP 500 from /ready?a=b: ${'x'.repeat(120)}`);
  });

  test('on an answer that is cut', async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await askHttp(server)).toBe('aborted');
  });

  test('on something that is not HTTP', async () => {
    await using server = await tcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    expect(await askHttp(server)).toMatch(/^HPE_/);
  });

  test('on a connection that is accepted and closed', async () => {
    await using server = await tcpServer((socket) => socket.end());
    expect(await askHttp(server)).toBe('ECONNRESET');
  });
});

describe.concurrent('an attempt ends by itself', () => {
  test('tcp: on silence', async () => {
    await using server = await tcpServer(() => {});
    expect(await askTcp(server)).toBe('no answer within 2000 ms');
  });

  test('tcp: on words that never come to their end, however often some come', async () => {
    await using server = await tcpServer((socket) => {
      const drip = setInterval(() => socket.write('.'), 100);
      socket.on('close', () => clearInterval(drip));
    });
    const answer = await askTcp(server, [{ send: [], expect: { starts: [], contains: [text('+PONG')] } }]);
    expect(answer).toMatch(/^no answer within 2000 ms: \.+$/);
  });

  test('http: on silence', async () => {
    await using server = await httpServer(() => {});
    expect(await askHttp(server)).toBe('no answer within 2000 ms');
  });

  test('http: on a body that never ends', async () => {
    await using server = await httpServer((_, response) => {
      const drip = setInterval(() => response.write('x'), 100);
      response.on('close', () => clearInterval(drip));
    });
    expect(await askHttp(server)).toBe('no answer within 2000 ms');
  });
});

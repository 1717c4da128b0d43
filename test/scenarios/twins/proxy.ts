import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way to a system. */
export interface Passing {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/**
 * What a system that breaks a promise answers: `pass` asks the real one, also with another body. Undefined: the real
 * answer to the request as it is.
 */
export type Tamper = (
  passing: Passing,
  pass: (body?: string) => Promise<Reply>,
) => Promise<Reply> | Reply | undefined;

/** A system that stands before a real one, and answers some requests otherwise. */
export async function stand(
  before: string,
  tamper: Tamper,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(async (request, response) => {
    const bytes = await bodyOf(request);
    const [method, path] = [request.method ?? 'GET', request.url ?? '/'];
    let cookies: readonly string[] = [];
    const pass = async (body: string | Buffer<ArrayBuffer> = bytes): Promise<Reply> => {
      const headers = headersOf(request);
      const init = { method, headers, redirect: 'manual' } as const;
      const answer = await fetch(`${before}${path}`, bytes.length === 0 ? init : { ...init, body });
      cookies = answer.headers.getSetCookie();
      return { status: answer.status, text: await answer.text() };
    };
    try {
      const { status, text } = await (tamper({ method, path, body: bytes.toString('latin1') }, pass) ??
        pass());
      response.writeHead(status, { 'content-type': 'application/json', 'set-cookie': [...cookies] });
      response.end(status === 204 ? undefined : text);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const own = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'keep-alive'];
  const kept = Object.entries(headers).filter(([name]) => !own.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

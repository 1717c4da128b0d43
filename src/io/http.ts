import type { IncomingHttpHeaders } from 'node:http';
import { addAbortSignal, type Readable } from 'node:stream';
import { HttpClient } from '@actions/http-client';

export type Headers = Readonly<Record<string, string>>;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Has to be read, or destroyed: its connection is kept for what follows. */
  readonly body: Readable;
}

/** Requests to servers on the network, by way of the proxy that the environment names. A redirect is an answer like any other. */
export interface Http {
  /** @throws where no answer comes; the body breaks off where the server falls silent or the signal aborts. */
  get(url: URL, headers: Headers, signal: AbortSignal): Promise<HttpAnswer>;
  /** The same with a form. */
  post(url: URL, form: Headers, signal: AbortSignal): Promise<HttpAnswer>;
}

/** A server that sends nothing for `silence` milliseconds is taken for dead. */
export function http(silence = 30_000): Http {
  const clients = new Map<string, HttpClient>();
  const client = ({ origin }: URL) => {
    const options = { keepAlive: true, maxSockets: 16, allowRedirects: false, socketTimeout: silence };
    const found = clients.get(origin) ?? new HttpClient('paklog-infra-action', [], options);
    clients.set(origin, found);
    return found;
  };
  const send = async (
    url: URL,
    signal: AbortSignal,
    ask: (client: HttpClient) => ReturnType<HttpClient['get']>,
  ) => {
    signal.throwIfAborted();
    const { message } = await unlessAborted(ask(client(url)), signal);
    addAbortSignal(signal, message);
    message.setTimeout(silence, () => message.destroy(new Error(`${url.host} fell silent`)));
    return { status: message.statusCode ?? 0, headers: message.headers, body: message };
  };
  return {
    get: (url, headers, signal) => send(url, signal, (each) => each.get(url.href, { ...headers })),
    post: (url, form, signal) =>
      send(url, signal, (each) =>
        each.post(url.href, new URLSearchParams({ ...form }).toString(), {
          'content-type': 'application/x-www-form-urlencoded',
        }),
      ),
  };
}

/** The client cannot be told to give up: what it answers after that is thrown away. */
function unlessAborted<T extends { readonly message: Readable }>(
  answer: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const take = (got: T) => {
      if (signal.aborted) got.message.destroy();
      resolve(got);
    };
    void answer.then(take, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

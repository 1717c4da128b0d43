import { request } from 'node:http';
import { connect } from 'node:net';
import { type Expectation, encode, match, type Part, printable } from '../core/bytes.ts';

/** What one attempt saw: undefined when the check passed, else what was answered, in a few words. */
export type Answer = string | undefined;

export interface HttpAttempt {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly status: number;
  readonly body?: RegExp;
  readonly user?: string;
}

export interface TcpAttempt {
  readonly host: string;
  readonly port: number;
  readonly exchange: readonly { readonly send: readonly Part[]; readonly expect: Expectation }[];
  readonly fill: (template: string) => string;
}

/** A JSON body that is sent once. */
export interface HttpPost {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly body: string;
  /** The statuses of success. */
  readonly status: readonly number[];
  /** Milliseconds. */
  readonly patience: number;
}

export interface Probes {
  http(attempt: HttpAttempt): Promise<Answer>;
  post(message: HttpPost, signal: AbortSignal): Promise<Answer>;
  tcp(attempt: TcpAttempt): Promise<Answer>;
}

/** One attempt takes no longer than this; the next follows. Milliseconds. */
const patience = 2000;

/** Bytes of an answer that are read. */
const bodyLimit = 256 * 1024;

export const probes: Probes = { http: askHttp, post: postJson, tcp: askTcp };

function askHttp(attempt: HttpAttempt): Promise<Answer> {
  return new Promise((resolve) => {
    const { host, port, path } = attempt;
    const auth = attempt.user === undefined ? {} : { auth: attempt.user };
    const asked = request({ host, port, path, agent: false, ...auth }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < bodyLimit) body += chunk;
      });
      response.on('end', () => resolve(judgeHttp(attempt, response.statusCode ?? 0, body)));
      response.on('error', (error) => resolve(error.message));
    });
    const timer = setTimeout(() => {
      resolve(`no answer within ${patience} ms`);
      asked.destroy();
    }, patience);
    asked.on('close', () => clearTimeout(timer));
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}

async function postJson(message: HttpPost, cancelled: AbortSignal): Promise<Answer> {
  const { host, port, path, body, status, patience } = message;
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(patience)]);
  try {
    const headers = { 'content-type': 'application/json' };
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    const said = (await response.text()).replace(/\s+/g, ' ').trim();
    return status.includes(response.status) ? undefined : `HTTP ${response.status}: ${said.slice(0, 600)}`;
  } catch (error) {
    if (signal.aborted) return `no answer within ${patience} ms`;
    const { cause } = error as { readonly cause?: NodeJS.ErrnoException };
    return cause?.code ?? String(error);
  }
}

function judgeHttp(attempt: HttpAttempt, status: number, body: string): Answer {
  const said = body.replace(/\s+/g, ' ').trim().slice(0, 120);
  if (status !== attempt.status)
    return `HTTP ${status} from ${attempt.path}${said === '' ? '' : `: ${said}`}`;
  if (attempt.body !== undefined && !attempt.body.test(body))
    return `HTTP ${status} from ${attempt.path} without ${attempt.body}: ${said}`;
  return undefined;
}

function askTcp(attempt: TcpAttempt): Promise<Answer> {
  return new Promise((resolve) => {
    const turns = [...attempt.exchange];
    let answer: Buffer = Buffer.alloc(0);
    const socket = connect({ host: attempt.host, port: attempt.port });
    const finish = (result: Answer) => {
      clearTimeout(timer);
      resolve(result);
      socket.destroy();
    };
    const speak = () => {
      const [turn] = turns;
      if (turn === undefined) return finish(undefined);
      answer = Buffer.alloc(0);
      socket.write(encode(turn.send, attempt.fill));
    };
    // Not the socket's own timeout: that one starts again with every byte.
    const timer = setTimeout(() => finish(`no answer within ${patience} ms${heard(answer)}`), patience);
    socket.once('connect', speak);
    socket.on('data', (chunk) => {
      const [turn] = turns;
      if (turn === undefined) return;
      answer = Buffer.concat([answer, chunk]).subarray(0, bodyLimit);
      const judged = match(answer, turn.expect, attempt.fill);
      if (judged === 'refused') finish(`another answer than expected${heard(answer)}`);
      if (judged === 'met') {
        turns.shift();
        speak();
      }
    });
    socket.once('end', () => finish(`the connection was closed${heard(answer)}`));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

function heard(answer: Buffer): string {
  return answer.length === 0 ? '' : `: ${printable(answer)}`;
}

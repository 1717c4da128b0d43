import { shown, told } from '../core/asking.ts';
import { BrokenPromise } from '../core/check.ts';

/** What an HTTP request was answered. */
export interface Heard {
  /** For people: `POST http://localhost:9000/tables {"tableName":…}`. */
  readonly request: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
}

/**
 * Makes one HTTP request, whatever status it is answered with.
 * @throws BrokenPromise where there is no answer
 */
export async function http(url: string, signal: AbortSignal, question: Question = {}): Promise<Heard> {
  const { json } = question;
  const body = json === undefined ? question.body : JSON.stringify(json);
  const method = question.method ?? (body === undefined ? 'GET' : 'POST');
  const request = `${method} ${url}${typeof body === 'string' ? ` ${body.slice(0, 1000)}` : ''}`;
  const typed = json === undefined ? {} : { 'content-type': 'application/json' };
  const init = { method, headers: { ...typed, ...question.headers }, signal, redirect: 'manual' } as const;
  try {
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    return { request, status: response.status, text: await response.text(), headers: response.headers };
  } catch (error) {
    throw new BrokenPromise(request, signal.aborted ? 'no answer before the deadline' : told(error));
  }
}

/**
 * As `http`, and the status has to be one of success.
 * @throws BrokenPromise
 */
export async function httpOk(url: string, signal: AbortSignal, question: Question = {}): Promise<Heard> {
  const heard = await http(url, signal, question);
  if (heard.status < 200 || heard.status > 299) throw broken(heard);
  return heard;
}

/**
 * As `httpOk`, and the answer has to be JSON.
 * @throws BrokenPromise
 */
export async function httpJson(url: string, signal: AbortSignal, question: Question = {}) {
  const heard = await httpOk(url, signal, question);
  return { heard, json: jsonOf(heard) };
}

/**
 * The JSON of an answer.
 * @throws BrokenPromise
 */
export function jsonOf(heard: Heard): unknown {
  try {
    return JSON.parse(heard.text) as unknown;
  } catch {
    throw broken(heard, 'this is not JSON');
  }
}

/** A promise that an answer breaks, and what is wrong with it where the status does not say so. */
export function broken({ request, status, text }: Heard, wrong = ''): BrokenPromise {
  return new BrokenPromise(request, `${wrong === '' ? '' : `${wrong}: `}HTTP ${status} ${shown(text)}`);
}

/**
 * Repeats an attempt until it breaks no promise.
 * @throws BrokenPromise what broke the last attempt before the signal aborted
 */
export async function eventually<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  let last: unknown;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      // An attempt that the deadline cuts off says less than the one before.
      if (!signal.aborted || last === undefined) last = error;
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, rhythm));
    if (signal.aborted) throw last;
  }
}

/** Between two attempts. Milliseconds. */
const rhythm = 200;

import type { CommandResult } from '../../src/core/command.ts';
import { plainLines } from '../../src/core/markdown.ts';
import { BrokenPromise } from './check.ts';

/**
 * The answer to one question. What goes wrong with it, and a deadline that comes first, breaks the promise and names the question.
 * @throws BrokenPromise
 */
export async function ask<T>(request: string, signal: AbortSignal, answer: () => Promise<T>): Promise<T> {
  try {
    return await before(signal, answer);
  } catch (error) {
    if (error instanceof BrokenPromise) throw error;
    throw new BrokenPromise(request, signal.aborted ? 'no answer before the deadline' : told(error));
  }
}

/**
 * Asks again and again until the answer is as promised, and gives that answer. An error is an answer that is not.
 * @throws BrokenPromise with the last answer, when the deadline comes first
 */
export async function askUntil<T>(
  request: string,
  signal: AbortSignal,
  question: () => Promise<T>,
  isPromised: (answer: T) => boolean,
): Promise<T> {
  let last = 'no answer';
  while (!signal.aborted) {
    try {
      const answer = await before(signal, question);
      if (isPromised(answer)) return answer;
      last = shown(answer);
    } catch (error) {
      if (!signal.aborted) last = told(error);
    }
    await pause(signal);
  }
  throw new BrokenPromise(request, `at the deadline still: ${last}`);
}

/** Between two questions of the same kind. Milliseconds. */
const rhythm = 200;

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, rhythm);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

/**
 * Breaks the promise unless the answer is as promised.
 * @throws BrokenPromise
 */
export function expectAnswer(isPromised: boolean, request: string, answer: unknown): void {
  if (!isPromised) throw new BrokenPromise(request, shown(answer));
}

/**
 * What a command printed, where it ended well.
 * @throws BrokenPromise
 */
export function answered(request: string, result: CommandResult): string {
  if (result.exitCode === 0) return result.stdout.trim();
  const how = result.timedOut ? 'no end in time' : `exit code ${result.exitCode ?? 'none'}`;
  throw new BrokenPromise(
    request,
    `${how}: ${(result.stderr.trim() || result.stdout.trim()).slice(-longest)}`,
  );
}

/** Of an answer so much is kept. Characters. */
const longest = 2000;

/** An answer of any kind, as text. */
export function shown(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : (JSON.stringify(answer, plainValues) ?? String(answer));
  return plainLines(text.slice(0, longest));
}

function plainValues(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** What an error says, with the errors behind it, which often know more. */
export function told(error: unknown): string {
  const texts: string[] = [];
  let next: unknown = error;
  for (let depth = 0; depth < 5 && next !== undefined && next !== null; depth += 1) {
    const { message, code, cause, errors } = next as {
      readonly message?: string;
      readonly code?: unknown;
      readonly cause?: unknown;
      readonly errors?: readonly unknown[];
    };
    const text = message || (typeof code === 'string' ? code : String(next));
    if (!texts.includes(text)) texts.push(text);
    next = cause ?? errors?.[0];
  }
  return plainLines(texts.join(': ').slice(0, longest));
}

/** The result, or the signal's reason when that comes first; what is too late is nobody's any more. */
function before<T>(signal: AbortSignal, question: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    question()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

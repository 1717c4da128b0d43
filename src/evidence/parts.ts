import type { Machine } from '../io/machine.ts';
import type { Part } from './collection.ts';

/** After its time a part may still put away what it has. Milliseconds. */
const grace = 1000;

/** The time for all parts together, and how each of them is kept from harming the others. */
export interface Parts {
  readonly part: Part;
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Nobody waits any more. */
  end(): void;
}

/** `budget` is in milliseconds. */
export function newParts(
  budget: number,
  { sleep }: Pick<Machine, 'sleep'>,
  warn: (text: string) => void,
): Parts {
  const ended = new AbortController();
  const late = new AbortController();
  const over = sleep(budget, ended.signal).then(() => {
    if (!ended.signal.aborted) late.abort();
  });
  const lost = over.then(() => sleep(grace, ended.signal)).then(() => 'lost' as const);
  const part: Part = async (what, body) => {
    if (late.signal.aborted) {
      warn(`Evidence: no time was left for ${what}.`);
      return undefined;
    }
    try {
      const done = body().then((result) => ({ result }));
      const first = await Promise.race([done, lost]);
      if (first !== 'lost') return first.result;
      // Nobody listens to it any more, and a rejection that nobody hears ends the process.
      done.catch(() => {});
      warn(`Evidence: time ran out for ${what}.`);
    } catch (error) {
      warn(`Evidence: ${what} could not be had: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  };
  return { part, signal: late.signal, end: () => ended.abort() };
}

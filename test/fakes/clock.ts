/** Time that passes only when everything else stands still: seconds of waiting take no time, and in a fixed order. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Nothing here lasts for a day: a loop that never ends is left asleep. Milliseconds. */
const end = 86_400_000;

export function virtualClock(): Clock {
  let now = 0;
  let sleepers: readonly Sleeper[] = [];
  let moving = false;
  const move = () => {
    moving = false;
    const [next] = [...sleepers].sort((a, b) => a.at - b.at);
    if (next === undefined || next.at > end) return;
    now = Math.max(now, next.at);
    next.wake();
    start();
  };
  // After an immediate, every promise that could be settled without time has been.
  const start = () => {
    if (moving || sleepers.length === 0) return;
    moving = true;
    setImmediate(move);
  };
  const sleep = (milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = { at: now + Math.max(0, milliseconds), wake };
      function wake(): void {
        sleepers = sleepers.filter((each) => each !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      }
      signal?.addEventListener('abort', wake, { once: true });
      sleepers = [...sleepers, sleeper];
      start();
    });
  return { now: () => now, sleep };
}

import { told } from './core/asking.ts';
import { BrokenPromise, type Check, type Stack } from './core/check.ts';
import { type CheckResult, resultOf, type Verdict } from './core/report.ts';
import { startable } from './core/turns.ts';

export interface Running {
  readonly stack: Stack;
  /** Services whose image is a stand-in. */
  readonly standIns: readonly string[];
  /** Ends everything that still runs. */
  readonly signal: AbortSignal;
  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number;
  /** Called as each check ends. */
  onEnd(result: CheckResult): void;
}

/** Runs all checks beside each other, as far as they do not disturb each other; the results are in the order of the checks. */
export async function runChecks(checks: readonly Check[], running: Running): Promise<readonly CheckResult[]> {
  const results = new Map<Check, CheckResult>();
  const active = new Map<Check, Promise<void>>();
  const waiting = new Set(checks);
  const end = (check: Check, verdict: Verdict, ms: number) => {
    const result = resultOf(check, verdict, ms);
    results.set(check, result);
    running.onEnd(result);
  };
  for (const check of checks) {
    const reason = skipReason(check, running.standIns);
    if (reason === undefined) continue;
    waiting.delete(check);
    end(check, { outcome: 'skipped', reason }, 0);
  }
  while (waiting.size + active.size > 0) {
    for (const check of startable([...waiting], [...active.keys()])) {
      waiting.delete(check);
      const began = running.now();
      const done = verdictOf(check, running).then((verdict) => {
        active.delete(check);
        end(check, verdict, running.now() - began);
      });
      active.set(check, done);
    }
    await Promise.race(active.values());
  }
  return checks.flatMap((check) => results.get(check) ?? []);
}

function skipReason({ standIns = {} }: Check, services: readonly string[]): string | undefined {
  return Object.entries(standIns).find(([service]) => services.includes(service))?.[1];
}

/** After its deadline a check may still put away what it has made. Milliseconds. */
const grace = 3000;

async function verdictOf(check: Check, { stack, signal }: Running): Promise<Verdict> {
  const own = new AbortController();
  const stop = () => own.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const deadline = setTimeout(stop, check.deadline);
  const late = Promise.withResolvers<Verdict>();
  let lateTimer: NodeJS.Timeout | undefined;
  own.signal.addEventListener('abort', () => {
    lateTimer = setTimeout(() => late.resolve(neverEnded(check)), grace);
  });
  try {
    return await Promise.race([outcome(check, stack, own.signal), late.promise]);
  } finally {
    clearTimeout(deadline);
    clearTimeout(lateTimer);
    signal.removeEventListener('abort', stop);
  }
}

async function outcome(check: Check, stack: Stack, signal: AbortSignal): Promise<Verdict> {
  try {
    if (signal.aborted)
      return { outcome: 'failed', request: check.id, answer: 'not asked: no time was left' };
    await check.run(stack, signal);
    return { outcome: 'passed' };
  } catch (error) {
    if (error instanceof BrokenPromise)
      return { outcome: 'failed', request: error.request, answer: error.answer };
    return { outcome: 'failed', request: check.id, answer: told(error) };
  }
}

function neverEnded({ id, deadline }: Check): Verdict {
  const answer = `it was still busy ${grace / 1000} s after its deadline of ${deadline / 1000} s`;
  return { outcome: 'failed', request: id, answer };
}

import type { Check } from './check.ts';

/**
 * Which of the waiting checks may start now. All do at once, but those that disturb a service come when nobody else has to use it
 * any more, one after another; what a broken restart leaves behind hurts no other check.
 */
export function startable(waiting: readonly Check[], running: readonly Check[]): readonly Check[] {
  const started: Check[] = [];
  for (const check of waiting) {
    const now = [...running, ...started];
    const others = [...now, ...waiting.filter((each) => !started.includes(each) && each !== check)];
    if (mayStart(check, now, others)) started.push(check);
  }
  return started;
}

function mayStart(check: Check, running: readonly Check[], others: readonly Check[]): boolean {
  const disturbed = check.disturbs ?? [];
  if (running.some((each) => overlap(each.disturbs, check.needs) || overlap(disturbed, each.needs)))
    return false;
  return !others.some((each) => (each.disturbs ?? []).length === 0 && overlap(disturbed, each.needs));
}

function overlap(some: readonly string[] = [], others: readonly string[]): boolean {
  return some.some((each) => others.includes(each));
}

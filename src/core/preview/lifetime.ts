import type { Mark } from './identity.ts';

/** The mark that lasts longest: what an update did not change keeps the mark of its own day. */
export function newest(marks: readonly Mark[]): Mark | undefined {
  return marks.toSorted((a, b) => b.expires.localeCompare(a.expires))[0];
}

/** The mark of the first day. */
export function oldest(marks: readonly Mark[]): Mark | undefined {
  return marks.toSorted(
    (a, b) => a.created.localeCompare(b.created) || a.expires.localeCompare(b.expires),
  )[0];
}

/** `now` is in milliseconds since 1970. A date that cannot be read is no reason to take something down. */
export function isExpired({ expires }: Mark, now: number): boolean {
  return Date.parse(expires) <= now;
}

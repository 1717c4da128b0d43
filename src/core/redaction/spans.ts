/** A part of a text that must not be shown: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is known of a text to which more may be added. */
export interface Found {
  readonly spans: readonly Span[];
  /** Spans that begin before this position are all found, and nothing that follows can change them. */
  readonly until: number;
}

/**
 * Looks for one sort of secret in a text, from where it stopped the last time. `last` says that nothing follows.
 * What a finder finds depends on the text alone, not on the pieces in which it came.
 */
export type Finder = (text: string, from: number, last: boolean) => Found;

/** Adds a span behind others that begin before it; those that overlap or touch become one. */
export function addSpan(spans: Span[], start: number, end: number): void {
  const before = spans.at(-1);
  if (before === undefined || start > before.end) spans.push({ start, end });
  else if (end > before.end) spans[spans.length - 1] = { start: before.start, end };
}

export const mask = '***';

/**
 * The text up to `to` with a mask in the place of each span; spans that overlap or touch have one mask together.
 * `hiddenUntil` is where the span that was masked last ends, before or behind `to`.
 */
export function masked(
  text: string,
  to: number,
  spans: readonly Span[],
  hiddenUntil: number,
): { readonly shown: string; readonly hiddenUntil: number } {
  let shown = '';
  let at = Math.max(0, hiddenUntil);
  let hidden = hiddenUntil;
  for (const { start, end } of spans) {
    if (start >= to) break;
    if (start > hidden) shown += text.slice(at, start) + mask;
    hidden = Math.max(hidden, end);
    at = hidden;
  }
  return { shown: at < to ? shown + text.slice(at, to) : shown, hiddenUntil: hidden };
}

import { addSpan, type Finder, type Span } from './spans.ts';

const begin = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g;
const end = /-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g;
/** No mark is longer, so one that has begun before the last letters is there whole. */
const longestMark = 80;

/** A key of 16384 bits has 13,000 characters; each of its lines may carry a prefix as long as itself, or longer. */
const longestBlock = 64 * 1024;

/**
 * Finds private keys in PEM (RFC 7468, RFC 4880), from the mark that begins one to the mark that ends it, in one line or
 * many. One that does not end hides 64 Ki characters and the rest of the line in which these are over.
 */
export function createKeyBlockFinder(): Finder {
  /** Characters hidden since the mark that began the block; undefined outside. */
  let length: number | undefined;
  return (text, from, last) => {
    const spans: Span[] = [];
    let at = from;
    for (;;) {
      if (length === undefined) {
        const mark = find(begin, text, at);
        if (mark === undefined) return { spans, until: last ? text.length : settled(text, at) };
        addSpan(spans, mark.start, mark.end);
        at = mark.end;
        length = 0;
      }
      const { until, over } = restOfBlock(text, at, longestBlock - length, last);
      addSpan(spans, at, until);
      if (!over) {
        length += until - at;
        return { spans, until };
      }
      at = until;
      length = undefined;
    }
  };
}

/** How far a block goes on from `at`, as far as can be said, and whether it is over there. It may go on for `left`. */
function restOfBlock(
  text: string,
  at: number,
  left: number,
  last: boolean,
): { until: number; over: boolean } {
  const limit = at + Math.max(0, left);
  const mark = find(end, text.slice(at, limit + longestMark), 0);
  if (mark !== undefined && at + mark.start < limit) return { until: at + mark.end, over: true };
  const known = last ? text.length : Math.max(at, text.length - longestMark);
  if (known < limit) return { until: known, over: false };
  const lineEnd = text.indexOf('\n', limit);
  return lineEnd < 0 ? { until: known, over: false } : { until: lineEnd, over: true };
}

/** A mark may have begun among the last letters of the last line. */
function settled(text: string, at: number): number {
  return Math.max(at, text.length - longestMark, text.lastIndexOf('\n') + 1);
}

function find(pattern: RegExp, text: string, at: number): Span | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
}

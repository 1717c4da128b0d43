import type { ShapeSearch } from './shapes.ts';
import { addSpan, type Finder, type Span } from './spans.ts';

/**
 * Lines twice as long, and longer, are looked at in pieces: each begins this far behind the one before and reaches twice
 * as far, so that a secret of up to this length lies whole in the piece in which it begins.
 */
const pieceLength = 64 * 1024;

interface Piece {
  readonly text: string;
  /** Secrets that begin before this position are found in this piece, others in the next. */
  readonly settled: number;
}

/** Finds shapes line by line. One that is longer than a piece hides the rest of its line. */
export function createLineFinder(search: ShapeSearch): Finder {
  let hiding = false;
  return (text, from, last) => {
    const spans: Span[] = [];
    let at = from;
    for (;;) {
      if (hiding) {
        const lineEnd = text.indexOf('\n', at);
        addSpan(spans, at, lineEnd < 0 ? text.length : lineEnd);
        if (lineEnd < 0) return { spans, until: text.length };
        at = lineEnd;
      }
      const piece = pieceAt(text, at, last);
      if (piece === undefined) return { spans, until: at };
      const found = search(piece.text, piece.settled);
      for (const { start, end } of found) spans.push({ start: at + start, end: at + end });
      hiding = found.some(({ end }) => end === piece.text.length);
      at += piece.settled;
    }
  };
}

/** The next piece: as many whole lines as fit, or one line that does not, or a part of it; none while more must come. */
function pieceAt(text: string, at: number, last: boolean): Piece | undefined {
  const piece = text.slice(at, at + 2 * pieceLength);
  const lineEnd = piece.lastIndexOf('\n');
  if (lineEnd >= 0) return { text: piece.slice(0, lineEnd + 1), settled: lineEnd + 1 };
  if (piece.length === 2 * pieceLength) return { text: piece, settled: pieceLength };
  return last && piece !== '' ? { text: piece, settled: piece.length } : undefined;
}

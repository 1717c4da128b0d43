import type { Span } from './spans.ts';
import { createWordIndex } from './word-index.ts';

/**
 * A secret that shows by its form. The pattern is tried where one of the anchors stands and begins there; neither ever
 * reaches beyond a line, and no pattern looks at a letter more than a few times. Hidden is what the group `secret`
 * holds, which ends the match, or all of it.
 */
export interface Shape {
  readonly name: string;
  /** Three letters or more, in any case. */
  readonly anchors: readonly string[];
  readonly pattern: RegExp;
  /** Values that are no secrets although they stand where one would. */
  readonly harmless?: RegExp;
}

/** Finds the shapes that begin in the first `starts` letters of a piece of text. */
export type ShapeSearch = (piece: string, starts: number) => readonly Span[];

const shortestAnchor = 3;

/** Looks for all shapes at once. Values that are `published` are no secrets. */
export function createShapeSearch(shapes: readonly Shape[], published: ReadonlySet<string>): ShapeSearch {
  const anchors = shapes.flatMap((shape) => shape.anchors.map((anchor) => [anchor, shape] as const));
  const index = createWordIndex(anchors, shortestAnchor, true);
  return (piece, starts) => {
    const spans: Span[] = [];
    /** Where each shape was found last: it is not looked for again inside. */
    const ends = new Map<Shape, number>();
    for (let at = index.next(piece, 0, starts); at >= 0; at = index.next(piece, at + 1, starts)) {
      for (const shape of index.at(piece, at)) {
        if (at < (ends.get(shape) ?? 0)) continue;
        const span = match(shape, piece, at);
        if (span === undefined) continue;
        ends.set(shape, span.end);
        const value = piece.slice(span.start, span.end);
        if (!published.has(value) && shape.harmless?.test(value) !== true) spans.push(span);
      }
    }
    return spans;
  };
}

function match({ pattern }: Shape, piece: string, at: number): Span | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(piece);
  if (found === null) return undefined;
  const end = at + found[0].length;
  return { start: end - (found.groups?.['secret'] ?? found[0]).length, end };
}

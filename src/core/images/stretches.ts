/** Bytes `start` to `end` (exclusive) of a blob that are on the disk: they begin at `at` in `file`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly file: string;
  readonly at: number;
}

/** A range of bytes, its end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Adds a stretch; one that goes on where another ends in the same file makes that one longer. */
export function withStretch(stretches: readonly Stretch[], added: Stretch): readonly Stretch[] {
  const before = stretches.find(
    ({ end, file, start, at }) => end === added.start && file === added.file && at + end - start === added.at,
  );
  if (before === undefined) return [...stretches, added];
  return stretches.map((each) => (each === before ? { ...before, end: added.end } : each));
}

/** The stretch that has the byte at a position, from that byte on. */
export function stretchAt(stretches: readonly Stretch[], position: number): Stretch | undefined {
  const found = stretches.find(({ start, end }) => start <= position && position < end);
  if (found === undefined) return undefined;
  return { ...found, start: position, at: found.at + position - found.start };
}

/** What is not there of a blob of so many bytes, in order. */
export function missing(stretches: readonly Stretch[], size: number): readonly Range[] {
  const gaps: Range[] = [];
  let position = 0;
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    if (start > position) gaps.push({ start: position, end: start });
    position = Math.max(position, end);
  }
  return position < size ? [...gaps, { start: position, end: size }] : gaps;
}

/** Ranges cut into pieces of at most so many bytes. */
export function pieces(ranges: readonly Range[], most: number): readonly Range[] {
  return ranges.flatMap(({ start, end }) =>
    Array.from({ length: Math.ceil((end - start) / most) }, (_, index) => ({
      start: start + index * most,
      end: Math.min(end, start + (index + 1) * most),
    })),
  );
}

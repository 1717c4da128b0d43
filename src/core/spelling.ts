/** ` (did you mean x?)` for the nearest known name at most two edits away, or an empty text. */
export function didYouMean(word: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= 2 ? ` (did you mean ${best.name}?)` : '';
}

/** Levenshtein distance; words beyond 64 characters count as far apart. */
export function editDistance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > 64) return 64;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replace = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

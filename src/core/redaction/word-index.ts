/** Finds the places of a text where one of many words may begin, at the cost of a few operations for each letter. */
export interface WordIndex<T> {
  /** The first position from `from` on, before `to`, where a word may begin; -1 where there is none. */
  next(text: string, from: number, to: number): number;
  /** What belongs to the words that begin with the same letters as the text there, in the order in which they were given. */
  at(text: string, position: number): readonly T[];
}

/** 2^16 marks fit into a processor's cache, and a few thousand words fill little of them. */
const markBits = 16;

/**
 * An index by the first `size` letters (at most 4) of each word; no word may be shorter. `anyCase` takes the letters of
 * ASCII in both cases. The letters of a window are shifted into one number, out of whose top the oldest falls.
 */
export function createWordIndex<T>(
  words: Iterable<readonly [word: string, value: T]>,
  size: number,
  anyCase: boolean,
): WordIndex<T> {
  const lowerCase = anyCase ? 0x20 : 0;
  const window = size === 4 ? -1 : (1 << (8 * size)) - 1;
  const marks = new Uint8Array(1 << markBits);
  const values = new Map<number, T[]>();
  const add = (gram: number, letter: number) => ((gram << 8) ^ (letter | lowerCase)) & window;
  const markOf = (gram: number) => Math.imul(gram, 0x9e3779b1) >>> (32 - markBits);
  const gramAt = (text: string, position: number) => {
    let gram = 0;
    for (let at = position; at < position + size; at += 1) gram = add(gram, text.charCodeAt(at));
    return gram;
  };
  for (const [word, value] of words) {
    const gram = gramAt(word, 0);
    marks[markOf(gram)] = 1;
    const others = values.get(gram);
    if (others === undefined) values.set(gram, [value]);
    else others.push(value);
  }
  return {
    next(text, from, to) {
      const end = Math.min(text.length, to + size - 1);
      let gram = 0;
      for (let at = from; at < Math.min(end, from + size - 1); at += 1) gram = add(gram, text.charCodeAt(at));
      for (let at = from + size - 1; at < end; at += 1) {
        gram = add(gram, text.charCodeAt(at));
        if (marks[markOf(gram)] === 1) return at - size + 1;
      }
      return -1;
    },
    at: (text, position) => values.get(gramAt(text, position)) ?? [],
  };
}

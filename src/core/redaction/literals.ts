import { addSpan, type Finder, type Span } from './spans.ts';
import { createWordIndex } from './word-index.ts';

/** Literals shorter than this are not looked for: they would blank ordinary words. */
const shortest = 4;

/** As many words can be tried one after another. */
const few = 8;

/**
 * Finds every place where one of the literals stands, also where they overlap. A position is settled as soon as no
 * literal that fits what is there could go on into what is still to come.
 */
export function createLiteralFinder(literals: Iterable<string>): Finder {
  const words = [...new Set(literals)].filter((word) => word.length >= shortest);
  const groups = [...groupBy(words, 0)].map(([first, group]) => [first, candidatesOf(group)] as const);
  const index = createWordIndex(groups, shortest, false);
  const beginnings = new Set(words.flatMap((word) => [1, 2, 3].map((length) => word.slice(0, length))));
  return (text, from, last) => {
    const spans: Span[] = [];
    for (let at = index.next(text, from, text.length); at >= 0; at = index.next(text, at + 1, text.length)) {
      const word = wordAt(index.at(text, at), text, at, last);
      if (word === undefined) continue;
      if (at + word.length > text.length) return { spans, until: at };
      addSpan(spans, at, at + word.length);
    }
    return { spans, until: last ? text.length : tail(text, from, beginnings) };
  };
}

/** The longest word that stands at a place, or may. */
function wordAt(groups: readonly Candidates[], text: string, at: number, last: boolean): string | undefined {
  for (const candidates of groups)
    for (const word of candidates(text, at)) if (fits(word, text, at, last)) return word;
  return undefined;
}

/** Of words with the same first letters, those that may stand at a place: the longest first. */
type Candidates = (text: string, at: number) => readonly string[];

/** Hundreds of words begin with `\u00`: where there are many, those long enough are told apart by their next letters. */
function candidatesOf(group: readonly string[]): Candidates {
  const words = [...group].sort((a, b) => b.length - a.length);
  if (words.length <= few) return () => words;
  const short = words.filter((word) => word.length < 2 * shortest);
  const long = groupBy(words.slice(0, words.length - short.length), shortest);
  const byNext = new Map([...long].map(([next, some]) => [next, [...some, ...short]]));
  return (text, at) => {
    const next = text.slice(at + shortest, at + 2 * shortest);
    return next.length < shortest ? words : (byNext.get(next) ?? short);
  };
}

function groupBy(words: readonly string[], from: number): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const word of words) {
    const letters = word.slice(from, from + shortest);
    const group = groups.get(letters);
    if (group === undefined) groups.set(letters, [word]);
    else group.push(word);
  }
  return groups;
}

/** Whether a word stands at a place, or would if the text went on as the word does. */
function fits(word: string, text: string, at: number, last: boolean): boolean {
  if (at + word.length <= text.length) return text.startsWith(word, at);
  return !last && word.startsWith(text.slice(at));
}

/** Where the last letters, too few for the index, begin to look like a word. */
function tail(text: string, from: number, beginnings: ReadonlySet<string>): number {
  for (let at = Math.max(from, text.length - shortest + 1); at < text.length; at += 1)
    if (beginnings.has(text.slice(at))) return at;
  return text.length;
}

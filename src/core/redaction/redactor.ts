import { createKeyBlockFinder } from './key-blocks.ts';
import { createLineFinder } from './lines.ts';
import { createLiteralFinder } from './literals.ts';
import { places } from './places.ts';
import { withLines } from './secrets.ts';
import { createShapeSearch } from './shapes.ts';
import { type Finder, masked, type Span } from './spans.ts';
import { spellings } from './spellings.ts';
import { tokens } from './tokens.ts';

/** Hides secrets in text. Never fails, whatever the text. */
export interface Redactor {
  text(text: string): string;
  /** For a text that comes in pieces. What comes out in all is what `text` makes of the whole. */
  stream(): RedactionStream;
}

export interface RedactionStream {
  /** Takes the next piece, and lets go what cannot be a part of a secret any more: as a rule, up to the last line end. */
  push(chunk: string): string;
  /** Lets go the rest. Nothing may be pushed afterwards. */
  end(): string;
}

/**
 * Hides each of the secrets, literally and as programs spell it, and whatever looks like a secret by its form.
 * `published` values are none, wherever they stand. Secrets of fewer than 4 letters are not looked for.
 */
export function createRedactor(secrets: Iterable<string>, published: Iterable<string> = []): Redactor {
  const open = new Set(published);
  const hidden = [...secrets].flatMap(withLines).filter((secret) => !open.has(secret));
  const literals = createLiteralFinder(hidden.flatMap(spellings));
  const search = createShapeSearch([...tokens, ...places], new Set([...open].flatMap(spellings)));
  const stream = () => createStream([literals, createLineFinder(search), createKeyBlockFinder()]);
  return {
    stream,
    text(text) {
      const whole = stream();
      return whole.push(text) + whole.end();
    },
  };
}

/** While no line ends, this many characters are gathered before they are looked at. */
const gathered = 16 * 1024;

/**
 * What the finders find is masked together. Text is let go up to where all of them are settled, so it does not matter
 * in which pieces it came, and what is held back is bounded by what the finders need.
 */
function createStream(finders: readonly Finder[]): RedactionStream {
  let text = '';
  let waiting = '';
  let spans: readonly Span[] = [];
  let hiddenUntil = -1;
  let settled = finders.map((find) => ({ find, until: 0 }));
  const advance = (last: boolean): string => {
    text += waiting;
    waiting = '';
    const found = settled.map(({ find, until }) => ({ find, ...find(text, until, last) }));
    const all = [...spans, ...found.flatMap((part) => part.spans)].sort((a, b) => a.start - b.start);
    const to = Math.min(...found.map(({ until }) => until));
    const result = masked(text, to, all, hiddenUntil);
    text = text.slice(to);
    hiddenUntil = result.hiddenUntil - to;
    spans = all
      .filter(({ start }) => start >= to)
      .map(({ start, end }) => ({ start: start - to, end: end - to }));
    settled = found.map(({ find, until }) => ({ find, until: until - to }));
    return result.shown;
  };
  return {
    push(chunk) {
      waiting += chunk;
      return chunk.includes('\n') || waiting.length >= gathered ? advance(false) : '';
    },
    end: () => advance(true),
  };
}

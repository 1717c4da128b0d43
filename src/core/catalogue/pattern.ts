import { asString } from '../json.ts';

/** Where a mistake in the catalogue is told. */
export type Report = (at: string, what: string) => void;

/** A regular expression of the catalogue; undefined where there is none, or where it is none. */
export function decodePattern(value: unknown, at: string, report: Report, flags = ''): RegExp | undefined {
  const text = asString(value);
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, flags);
  } catch {
    report(at, `${JSON.stringify(text)} is not a regular expression`);
    return undefined;
  }
}

interface Group {
  /** It holds a repetition, an option or a choice, so that the same text may match it in several ways. */
  ambiguous: boolean;
}

/** Escapes, character classes and the openings of groups are one sign each; so is a quantifier with its `?`. */
const signs =
  /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|(?:[*+?]|\{\d+(?:,\d*)?\})\??|[\s\S]/g;

/**
 * Whether a pattern repeats a group that may itself match the same text in several ways, as `(a+)+` does. The time that such
 * a pattern takes can double with every sign of a line.
 */
export function mayRunAway(pattern: RegExp): boolean {
  const open: Group[] = [{ ambiguous: false }];
  let closed: Group | undefined;
  for (const [sign] of pattern.source.matchAll(signs)) {
    const [inner] = open.slice(-1);
    if (inner === undefined) return true;
    const before = closed;
    closed = undefined;
    if (sign === ')') {
      closed = open.pop();
      const outer = open.at(-1);
      if (outer !== undefined && closed?.ambiguous) outer.ambiguous = true;
    } else if (sign.startsWith('(')) open.push({ ambiguous: false });
    else if (sign === '|' || /^(?:[*+?]|\{\d)/.test(sign)) {
      if (before?.ambiguous && /^[*+{]/.test(sign)) return true;
      inner.ambiguous = true;
    }
  }
  return false;
}

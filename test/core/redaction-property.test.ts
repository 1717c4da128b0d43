import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/core/redaction/redactor.ts';
import { spellings } from '../../src/core/redaction/spellings.ts';
import { anyText } from './any-text.ts';
import { allSamples } from './redaction-samples.ts';

/** Printable, of 4 to 80 letters: plain, with what encoders escape, and from all of Unicode. */
const secrets = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 80, unit: 'grapheme-ascii' }),
    fc.string({ minLength: 4, maxLength: 80, unit: 'grapheme' }),
    fc.string({ minLength: 4, maxLength: 20, unit: fc.constantFrom(...'aB3$&<>"\'\\/+=%:@#~ öß日🎉') }),
    fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom('a', 'b') }),
  )
  .map((text) => text.slice(0, 80).toWellFormed());

const hex = (text: string, before: string) =>
  [...Buffer.from(text)].map((byte) => before + byte.toString(16).padStart(2, '0')).join('');
const units = (text: string) =>
  text.replace(/[\s\S]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
const xml = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '&apos;',
  );

/** Encoders of the test's own, or the platform's: what programs do to a secret before they print it. */
const encoders: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => JSON.stringify(JSON.stringify({ text })).slice(13, -4),
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  (text) => encodeURI(text),
  (text) => new URLSearchParams({ text }).toString().slice(5),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => hex(text, ''),
  (text) => hex(text, '').toUpperCase(),
  (text) => units(text),
  (text) => xml(text),
  (text) => text.replaceAll("'", "'\\''"),
  (text) => text.replaceAll("'", `'"'"'`),
  (text) => text.replace(/[$`"\\]/g, '\\$&'),
  (text) => text.replace(/[ '"\\|&;()<>!{}*[\]?^$`,]|^[~#]/g, '\\$&'),
  (text) =>
    text
      .replace(/[:=#!\\]|^ /g, '\\$&')
      .replace(/[^ -~]/g, (sign) => units(sign).toUpperCase().replace('U', 'u')),
  (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, units),
  (text) => JSON.stringify(text).slice(1, -1).replace(/[<>&]/g, units),
  (text) => text.replaceAll('$', () => '$$'),
];

/** What must be found of a secret inside a longer text in Base64: the letters that no neighbour has a part in. */
function insideBase64(before: string, secret: string, after: string, kind: 'base64' | 'base64url') {
  const [start, size] = [Buffer.byteLength(before), Buffer.byteLength(secret)];
  const text = Buffer.from(before + secret + after).toString(kind);
  return { text, inside: text.slice(Math.ceil((start * 8) / 6), Math.floor(((start + size) * 8) / 6)) };
}

/** Cuts a text at any places; every letter alone is among them. */
const cuts = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
);
function streamed(
  redactor: ReturnType<typeof createRedactor>,
  text: string,
  lengths: readonly number[],
): string {
  const stream = redactor.stream();
  let shown = '';
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    shown += stream.push(text.slice(at, at + length));
    at += length;
  }
  return shown + stream.end();
}

/** What is between the masks is the text's own, so nothing hidden may stand there; across a mask nothing can stand. */
function leaks(shown: string, hidden: readonly string[]): readonly string[] {
  const pieces = shown.split('***');
  return hidden.filter((text) => pieces.some((piece) => piece.includes(text)));
}

describe('whatever the secret, its spelling, what surrounds it and where it is cut', () => {
  const surroundings = fc.oneof(anyText(), fc.constantFrom('', '\n', ' ', 'a\n', '"', '\\'));

  test('it is not shown', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom(...encoders),
        fc.array(surroundings, { minLength: 2, maxLength: 3 }),
        cuts,
        (secret, encode, around, lengths) => {
          const redactor = createRedactor([secret]);
          const text = around.join(encode(secret));
          const shown = redactor.text(text);
          expect(leaks(shown, [encode(secret), ...spellings(secret)])).toEqual([]);
          expect(streamed(redactor, text, lengths)).toBe(shown);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('it is not shown inside of Base64', () => {
    const kinds = fc.constantFrom('base64' as const, 'base64url' as const);
    fc.assert(
      fc.property(fc.string(), secrets, fc.string(), kinds, cuts, (before, secret, after, kind, lengths) => {
        const { text, inside } = insideBase64(before, secret, after, kind);
        const redactor = createRedactor([secret]);
        const shown = redactor.text(text);
        expect(leaks(shown, [inside])).toEqual([]);
        expect(streamed(redactor, text, lengths)).toBe(shown);
      }),
      { numRuns: 1500 },
    );
  });

  test('many are not shown, and a stream shows what the whole text does', () => {
    fc.assert(
      fc.property(fc.array(secrets, { maxLength: 5 }), fc.array(fc.nat(9)), cuts, (many, picks, lengths) => {
        const redactor = createRedactor(many);
        const text = picks.map((pick) => many[pick] ?? 'b\naa ').join('');
        const shown = redactor.text(text);
        expect(leaks(shown, many)).toEqual([]);
        expect(streamed(redactor, text, lengths)).toBe(shown);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('shapes', () => {
  const redactor = createRedactor(['first line\nsecond line', 'aaaa'], ['hunter2']);
  const pieces = fc.oneof(
    fc.constantFrom(...allSamples.flatMap(([, ...sample]) => sample)),
    fc.constantFrom(
      '\n',
      '\r\n',
      ' ',
      '"',
      'a',
      '://',
      ':',
      '@',
      'password',
      '=',
      'eyJ',
      'first line\n',
      '-----',
    ),
    anyText(),
  );

  test('a stream shows what the whole text does, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), cuts, (parts, lengths) => {
        const text = parts.join('');
        expect(streamed(redactor, text, lengths)).toBe(redactor.text(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('also in lines longer than any bound', () => {
    const filler = fc.nat(70_000).map((length) => '0123 56789'.repeat(length / 10));
    const long = fc.array(fc.oneof(filler, pieces), { minLength: 5, maxLength: 20 });
    const lengths = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(long, lengths, (parts, sizes) => {
        const text = parts.join('');
        expect(streamed(redactor, text, [...sizes, 10_000])).toBe(redactor.text(text));
      }),
      { numRuns: 100 },
    );
  });

  test('a line of its own is enough, whatever the others are', () => {
    const quiet = anyText().filter((text) => !/PRIVATE/.test(text));
    fc.assert(
      fc.property(quiet, fc.constantFrom(...allSamples), quiet, (above, [, before, secret, after], below) => {
        const shown = createRedactor([]).text([above, before + secret + after, below].join('\n'));
        expect(shown).toContain(`${before}***${after}`);
      }),
      { numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/core/redaction/redactor.ts';
import { anyText } from './any-text.ts';

test('any secrets, any text: a text comes out', () => {
  fc.assert(
    fc.property(
      fc.array(anyText({ maxLength: 30 })),
      fc.array(anyText()),
      anyText(),
      (secrets, open, text) => {
        expect(typeof createRedactor(secrets, open).text(text + secrets.join(text))).toBe('string');
      },
    ),
    { numRuns: 500 },
  );
});

test('without secrets and shapes a text is what it was, halves of letters and NULs too', () => {
  const dull = fc.string({
    unit: fc.constantFrom('\0', '\n', '\r', '\ud83c', '\udf89', 'ö', 'x', '\u2028'),
    maxLength: 200,
  });
  fc.assert(
    fc.property(dull, fc.nat(9), (text, size) => {
      const stream = createRedactor(['never there']).stream();
      const pieces = text.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? [];
      expect(pieces.map((piece) => stream.push(piece)).join('') + stream.end()).toBe(text);
    }),
  );
});

/** None would end in time if a pattern looked at the same letters again and again. */
describe('a million letters in one line', () => {
  const redactor = createRedactor(['hunter2hunter2', 'a'.repeat(40), 'p@ss"w/ö$r d']);

  test.each([
    'a',
    '\0',
    '\ud83c',
    'eyJ',
    'ghp_',
    'eyJaaaaaaaa.',
    '://a:',
    '://a:@@@@@@@@',
    'password',
    'password=',
    'password = "\\',
    'password=,,,,,,,,,,',
    'token"""""" ',
    'authorization: ',
    'bearer aaaaaaaaaaaaaaaaaaaaa ',
    'password>',
    '--password ',
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    '-',
    '\\u0061',
    'access_key',
    'SG.aaaaaaaaaaaaaaaaaaaaaa.',
  ])('of %j', (part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length));
    const stream = redactor.stream();
    for (let at = 0; at < text.length; at += 50_000) stream.push(text.slice(at, at + 50_000));
    expect(typeof stream.end()).toBe('string');
    expect(redactor.text(`${text}\nhunter2hunter2`).slice(-4)).toBe('\n***');
  });

  test('or ten million', () => {
    const line = `${'0123456789'.repeat(500_000)}hunter2hunter2`.repeat(2);
    expect(redactor.text(line).length).toBe(10_000_006);
  });
});

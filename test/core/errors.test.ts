import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputFailure, quote } from '../../src/core/errors.ts';
import { anyText } from './any-text.ts';

test.each([
  ['plain', '"plain"'],
  ['two\nlines', '"two\\nlines"'],
  ['nul\u0000', '"nul\\u0000"'],
  ['"', '"\\""'],
  // Cyrillic letters that look Latin stay, since they are letters; invisible and reordering characters are shown.
  ['k\u0430fka', '"k\u0430fka"'],
  ['kafka\u202egnp', '"kafka\\u202egnp"'],
  ['re\u200bdis', '"re\\u200bdis"'],
])('%j is quoted', (value, shown) => {
  expect(quote(value)).toBe(shown);
});

test('a quoted value is at most 80 characters, on one line, without control characters', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 300 }), (value) => {
      const shown = quote(value);
      expect(shown.length).toBeLessThanOrEqual(80);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});

test('a long value ends with a mark that it was cut; one that just fits does not', () => {
  expect(quote('x'.repeat(79))).toBe(`"${'x'.repeat(78)}…`);
  expect(quote('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
});

test('one problem is told as one', () => {
  expect(inputFailure([{ where: 'ports', what: 'is odd' }]).failure).toEqual({
    code: 'INPUT_INVALID',
    what: 'ports: is odd',
    why: 'One input cannot be used as it is.',
    advice: 'Correct what is listed under `with:` and run the job again. Nothing was started.',
  });
});

test('several problems are told together', () => {
  const { failure, message } = inputFailure([
    { where: 'ports', what: 'is odd' },
    { where: 'timeout', what: 'is even' },
  ]);
  expect(failure.what).toBe('ports: is odd\ntimeout: is even');
  expect(failure.why).toBe('2 inputs cannot be used as they are.');
  expect(message).toBe(failure.what);
});

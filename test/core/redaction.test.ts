import { describe, expect, test } from 'vitest';
import { createRedactor, type RedactionStream } from '../../src/core/redaction/redactor.ts';

const secret = 'Tr0ub4dor&3';

function inPieces(stream: RedactionStream, pieces: readonly string[]): string[] {
  return [...pieces.map((piece) => stream.push(piece)), stream.end()];
}

describe('a secret', () => {
  const redactor = createRedactor([secret, 'abcd', 'cdef', 'abcdefgh', 'aaaa', '🎉🎉', '']);

  test.each([
    [`x ${secret} y`, 'x *** y'],
    [secret, '***'],
    [`${secret}${secret}`, '***'],
    [`${secret} ${secret}`, '*** ***'],
    ['abcdefgh', '***'],
    ['abcdefg', '***g'],
    ['abcabcd', 'abc***'],
    ['aaaaaaa', '***'],
    ['aaa', 'aaa'],
    ['🎉🎉🎉', '***'],
    ['\ud83c🎉🎉\udf89', '\ud83c***\udf89'],
    ['', ''],
  ])('%j', (text, shown) => {
    expect(redactor.text(text)).toBe(shown);
    expect(inPieces(redactor.stream(), text.split('')).join('')).toBe(shown);
  });

  test('of fewer than four letters is not looked for', () => {
    expect(createRedactor(['abc']).text('abc')).toBe('abc');
  });

  test('of many that begin alike is the longest that is there', () => {
    const alike = [
      'same1',
      'same12',
      'same123',
      ...Array.from({ length: 12 }, (_, index) => `same123${index}${index}`),
    ];
    const many = createRedactor(alike);
    expect(many.text('same same1! same12! same123! same1233! same12333! same1231!')).toBe(
      'same ***! ***! ***! ***3! ***! ***1!',
    );
    expect(inPieces(many.stream(), ['\nsame1231', '1\n', 'same1', '\n'])).toEqual([
      '\n',
      '***\n',
      '',
      '***\n',
      '',
    ]);
  });

  test('of several lines is hidden whole and line by line', () => {
    const lines = createRedactor(['first line\nsecond line\nend\n']);
    expect(lines.text('first line\nsecond line\nend\n.')).toBe('***.');
    expect(lines.text('a | first line\nb | second line\nc | end')).toBe('a | ***\nb | ***\nc | end');
    expect(inPieces(lines.stream(), ['first li', 'ne\nsecond line\nha', 'lt\n']).join('')).toBe(
      '***\n***\nhalt\n',
    );
  });
});

describe('a stream lets go', () => {
  const stream = () => createRedactor([secret, 'end\nof it']).stream();

  test.each<[string, string[], string[]]>([
    ['lines as they come', ['a\n', 'b\nc\n', ''], ['a\n', 'b\nc\n', '', '']],
    ['the rest of a line with its end', ['a\nb', 'c\n'], ['a\n', 'bc\n', '']],
    ['the last line at the end', ['a\nb'], ['a\n', 'b']],
    ['nothing of what may be a secret', ['the end\n', 'of', ' it\n'], ['the ', '', '***\n', '']],
    ['what was none after all', ['the end\n', 'of all\n'], ['the ', 'end\nof all\n', '']],
    ['a secret cut in two', [`a\n${secret.slice(0, 5)}`, `${secret.slice(5)}\n`], ['a\n', '***\n', '']],
    ['nothing without a text', [], ['']],
  ])('%s', (_, pieces, shown) => {
    expect(inPieces(stream(), pieces)).toEqual(shown);
  });

  test('two streams do not know each other', () => {
    const redactor = createRedactor([secret]);
    const [one, other] = [redactor.stream(), redactor.stream()];
    one.push(secret.slice(0, 5));
    other.push('-----BEGIN PRIVATE KEY-----\n');
    expect([one.push(`${secret.slice(5)}\n`), other.push('x\n'), redactor.text('x')]).toEqual([
      '***\n',
      '',
      'x',
    ]);
  });
});

describe('a text without line ends', () => {
  const redactor = createRedactor([secret]);
  const bound = 64 * 1024;

  test.each([0, 1, bound - 5, bound - 1, bound, 2 * bound - 5, 2 * bound, 5 * bound - 3])(
    'hides what stands at letter %d',
    (at) => {
      const [before, after] = ['.'.repeat(at), '.'.repeat(3 * bound)];
      for (const hidden of [secret, `ghp_${'x1'.repeat(20)}`])
        expect(redactor.text(`${before}${hidden}?${after}`)).toBe(`${before}***?${after}`);
    },
  );

  test('is let go while it comes, and never more than a bound is held back', () => {
    const stream = redactor.stream();
    let held = 0;
    for (let count = 0; count < 100; count += 1) {
      const piece = '0123456789'.repeat(1000);
      held += piece.length - stream.push(piece).length;
      expect(held).toBeLessThan(3 * bound);
    }
    expect(stream.end().length).toBe(held);
  });

  test('a secret of 60 kilobytes is a literal as any other', () => {
    const huge = Array.from({ length: 5000 }, (_, index) => `${index}, and `).join('');
    const large = createRedactor([huge]);
    expect(inPieces(large.stream(), [`a ${huge.slice(0, 40_000)}`, `${huge.slice(40_000)} b`]).join('')).toBe(
      'a *** b',
    );
  });

  test('a token longer than a bound hides the rest of its line, not the next', () => {
    const text = `a password=${'x'.repeat(3 * bound)} b\nc`;
    expect(redactor.text(text)).toBe('a password=***\nc');
    const pieces = text.match(/.{1,1000}|\n/gs) ?? [];
    expect(inPieces(redactor.stream(), pieces).join('')).toBe('a password=***\nc');
  });
});

describe('a private key that does not end', () => {
  const redactor = createRedactor([]);
  const begin = 'a -----BEGIN PRIVATE KEY-----';
  const lines = 'no key at all\n'.repeat(10_000);

  test('hides 64 Ki characters and the rest of their line', () => {
    const shown = redactor.text(`${begin}\n${lines}`);
    expect(shown).toMatch(/^a \*\*\*\nno key at all\n/);
    expect(lines.length - shown.length).toBeGreaterThan(64 * 1024 - 100);
    expect(lines.length - shown.length).toBeLessThan(64 * 1024 + 100);
    const pieces = `${begin}\n${lines}`.match(/.{1,99}/gs) ?? [];
    expect(inPieces(redactor.stream(), pieces).join('')).toBe(shown);
  });

  test.each([
    ['a text that ends first', `${begin}\nMIIE`, 'a ***'],
    ['one line without end', begin + 'x'.repeat(200_000), 'a ***'],
    ['an end just in time', `${begin}${'x'.repeat(65_535)}-----END PRIVATE KEY----- y\nb`, 'a *** y\nb'],
    ['an end just too late', `${begin}${'x'.repeat(65_536)}-----END PRIVATE KEY----- y\nb`, 'a ***\nb'],
    ['one long line', `${begin}${'x'.repeat(200_000)}\nb`, 'a ***\nb'],
    ['an end too late', `${begin}${'x'.repeat(70_000)}-----END PRIVATE KEY----- y\nb`, 'a ***\nb'],
    ['a beginning that is none', 'a -----BEGIN PRIVATE KEY----\nb', 'a -----BEGIN PRIVATE KEY----\nb'],
  ])('%s', (_, text, shown) => {
    expect(redactor.text(text)).toBe(shown);
    expect(inPieces(redactor.stream(), text.match(/.{1,777}/gs) ?? []).join('')).toBe(shown);
  });
});

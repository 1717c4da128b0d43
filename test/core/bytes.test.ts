import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, match, type Part, printable } from '../../src/core/bytes.ts';

const fill = (template: string) => template.replace('{host}', 'localhost').replace('{port}', '9092');
const text = (value: string): Part => ({ kind: 'text', value });
const hex = (value: string): Part => ({ kind: 'hex', value });

describe('a message', () => {
  test.each<[string, readonly Part[], string]>([
    ['nothing', [], ''],
    ['text as UTF-8', [text('é')], 'c3a9'],
    ['text with a template', [text('{port}')], '39303932'],
    ['hex with blanks', [hex(' 0000 000a\n ff')], '0000000aff'],
    ['a counted text', [{ kind: 'string16', value: '{host}' }], '00096c6f63616c686f7374'],
    ['an integer from a template', [{ kind: 'int32', value: '{port}' }], '00002384'],
    ['a negative integer', [{ kind: 'int32', value: '-1' }], 'ffffffff'],
    ['several parts in order', [hex('01'), text('a'), hex('02')], '016102'],
  ])('%s', (_, parts, bytes) => {
    expect(encode(parts, fill).toString('hex')).toBe(bytes);
  });

  test('counts bytes, not letters', () => {
    expect(encode([{ kind: 'string16', value: 'é' }], fill).toString('hex')).toBe('0002c3a9');
  });
});

describe('an answer', () => {
  const pong = { starts: [text('+PONG')], contains: [] };
  const metadata = {
    starts: [hex('00')],
    contains: [{ kind: 'string16', value: '{host}' } as const, { kind: 'int32', value: '{port}' } as const],
  };

  test.each([
    ['nothing yet', '', 'more'],
    ['the beginning', '+PO', 'more'],
    ['all of it', '+PONG', 'met'],
    ['more than that', '+PONG\r\n+OK', 'met'],
    ['another beginning', '-LOADING', 'refused'],
    ['another ending', '+PONK', 'refused'],
    ['the right words too late', ' +PONG', 'refused'],
  ])('that begins: %s', (_, answer, verdict) => {
    expect(match(Buffer.from(answer), pong, fill)).toBe(verdict);
  });

  test.each([
    ['everything', '00 ff 0009 6c6f63616c686f7374 00002384', 'met'],
    ['the order does not matter', '00 00002384 0009 6c6f63616c686f7374', 'met'],
    ['one of two', '00 0009 6c6f63616c686f7374', 'more'],
    ['another port', '00 0009 6c6f63616c686f7374 00002385', 'more'],
    ['the wrong beginning', '01 0009 6c6f63616c686f7374 00002384', 'refused'],
  ])('that contains: %s', (_, answer, verdict) => {
    expect(match(Buffer.from(answer.replace(/ /g, ''), 'hex'), metadata, fill)).toBe(verdict);
  });

  test('is never refused while it arrives, and met once it is there', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(bytes, fc.uint8Array({ maxLength: 20 }), fc.nat(), (start, rest, cut) => {
        const expected = { starts: [hex(Buffer.from(start).toString('hex'))], contains: [] };
        const answer = Buffer.concat([start, rest]);
        const arrived = answer.subarray(0, cut % (answer.length + 1));
        expect(match(arrived, expected, fill)).toBe(arrived.length >= start.length ? 'met' : 'more');
      }),
    );
  });

  test('is refused at the first byte that differs', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(bytes, fc.nat(), (start, at) => {
        const expected = { starts: [hex(Buffer.from(start).toString('hex'))], contains: [] };
        const wrong = Buffer.from(
          start.map((byte, index) => (index === at % start.length ? byte ^ 1 : byte)),
        );
        expect(match(wrong.subarray(0, (at % start.length) + 1), expected, fill)).toBe('refused');
      }),
    );
  });
});

describe('bytes for people', () => {
  test.each([
    ['HTTP/1.1 400', 'HTTP/1.1 400'],
    ['\u0000\u001b[31m\u007f\u00ff', '..[31m..'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['x'.repeat(61), `${'x'.repeat(60)}…`],
  ])('%j', (bytes, shown) => {
    expect(printable(Buffer.from(bytes, 'latin1'))).toBe(shown);
  });
});

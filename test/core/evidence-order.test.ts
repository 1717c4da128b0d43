import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutputStream } from '../../src/core/command.ts';
import type { LogLine } from '../../src/core/evidence/lines.ts';
import { lineOrder, size, wholeLines } from '../../src/core/evidence/order.ts';

const line = (stream: OutputStream, at: number, text = 'x'): LogLine => {
  const stamp = `2026-01-02T03:04:05.${String(at).padStart(9, '0')}Z`;
  return { stream, stamp, bytes: `${stamp} ${text}` };
};
const out = (at: number, text?: string) => line('stdout', at, text);
const err = (at: number, text?: string) => line('stderr', at, text);
const written = (...lines: readonly LogLine[]) =>
  Buffer.from(lines.map(({ bytes }) => `${bytes}\n`).join(''), 'latin1');
/** So many lines that are worth a step of work, from this moment on. */
const many = (of: typeof out, at: number, count = 100) =>
  Array.from({ length: count }, (_, index) => of(at + index, 'x'.repeat(1000)));
const unlimited = 1_000_000;

describe('two streams', () => {
  test('are in the order of time, in whatever pieces they were read', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 });
    const turns = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 300 })), { maxLength: 40 });
    const width = fc.constantFrom(1, 3000);
    fc.assert(
      fc.property(moments, moments, turns, width, (first, second, reads, letters) => {
        const lines = (of: typeof out, all: readonly number[]) =>
          [...all].sort((a, b) => a - b).map((at) => of(at, 'x'.repeat(letters)));
        const [outs, errs] = [lines(out, first), lines(err, second)];
        const rest = { stdout: written(...outs), stderr: written(...errs) };
        const order = lineOrder(unlimited, unlimited);
        const take = (stream: OutputStream, bytes: number) => {
          const chunk = rest[stream].subarray(0, bytes);
          rest[stream] = rest[stream].subarray(bytes);
          return chunk.length === 0 ? [] : order.push(stream, chunk);
        };
        const found = [
          ...reads.flatMap(([isOut, bytes]) => take(isOut ? 'stdout' : 'stderr', bytes)),
          ...take('stdout', unlimited),
          ...take('stderr', unlimited),
          ...order.end(true),
        ];
        // Lines of one moment: those of standard output first.
        expect(found).toEqual([...outs, ...errs].sort((a, b) => a.stamp.localeCompare(b.stamp)));
      }),
    );
  });

  test('go on as soon as both are there', () => {
    const order = lineOrder(unlimited, unlimited);
    expect(order.push('stdout', written(...many(out, 0)))).toEqual([]);
    expect(order.push('stderr', written(err(50), err(200)))).toEqual([
      ...many(out, 0, 51),
      err(50),
      ...many(out, 51, 49),
    ]);
    expect(order.end(true)).toEqual([err(200)]);
  });

  test('wait for a silent one no longer than until so many bytes are there', () => {
    const order = lineOrder(50 * size(out(1, 'x'.repeat(1000))), unlimited);
    expect(order.push('stdout', written(...many(out, 0, 80)))).toEqual([]);
    expect(order.push('stdout', written(...many(out, 80, 20)))).toEqual(many(out, 0, 50));
    expect(order.end(false)).toEqual(many(out, 50, 50));
  });

  test('lose nothing where one comes late', () => {
    const order = lineOrder(0, unlimited);
    expect(order.push('stdout', written(...many(out, 5)))).toEqual(many(out, 5));
    expect(order.push('stderr', written(err(1)))).toEqual([]);
    expect(order.end(true)).toEqual([err(1)]);
  });

  test('end with the beginnings of lines only where they were read to their ends', () => {
    const begun = () => {
      const order = lineOrder(unlimited, unlimited);
      order.push('stdout', Buffer.concat([written(out(1)), Buffer.from(out(3).bytes)]));
      order.push('stderr', Buffer.concat([written(err(4)), Buffer.from(err(5).bytes)]));
      return order;
    };
    expect(begun().end(true)).toEqual([out(1), out(3), err(4), err(5)]);
    expect(begun().end(false)).toEqual([out(1), err(4)]);
  });

  test('tell how long Docker’s records are', () => {
    const order = lineOrder(0, unlimited);
    expect(order.recordLength()).toBe(0);
    order.push('stdout', written(...many(out, 0)));
    expect(order.recordLength()).toBe(1031);
  });
});

describe('of the last records of a log', () => {
  const kept = (...lines: readonly LogLine[]) => wholeLines()(lines);

  test('the first line is left out: it may be the second half of one', () => {
    expect(kept(out(1), out(2), out(3))).toEqual([out(2), out(3)]);
  });

  test('the first of the other stream stays where it surely begins later', () => {
    expect(kept(out(1), out(2), err(3))).toEqual([out(2), err(3)]);
    expect(kept(err(1), err(2), out(2))).toEqual([err(2), out(2)]);
  });

  test('the first of each is left out where both may have begun before', () => {
    expect(kept(out(1), err(2), out(3), err(4))).toEqual([out(3), err(4)]);
    expect(kept(out(2), out(5), err(4), err(6))).toEqual([out(5), err(6)]);
  });

  test('it does not matter how they come', () => {
    const whole = wholeLines();
    expect([out(1), out(2), err(3)].flatMap((each) => whole([each]))).toEqual([out(2), err(3)]);
  });
});

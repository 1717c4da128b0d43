import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutputStream } from '../../src/core/command.ts';
import type { LogLine } from '../../src/core/evidence-lines.ts';
import { lineOrder, size, wholeLines } from '../../src/core/evidence-order.ts';

const line = (stream: OutputStream, at: number, text = 'x'): LogLine => {
  const stamp = `2026-01-02T03:04:05.${String(at).padStart(9, '0')}Z`;
  return { stream, stamp, bytes: `${stamp} ${text}` };
};
const out = (at: number, text?: string) => line('stdout', at, text);
const err = (at: number, text?: string) => line('stderr', at, text);

describe('two streams', () => {
  test('are in the order of time, however they were read', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 40 });
    const turns = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5 })), { maxLength: 40 });
    fc.assert(
      fc.property(moments, moments, turns, (first, second, reads) => {
        const rest = {
          stdout: first.sort((a, b) => a - b).map((at) => out(at)),
          stderr: second.sort((a, b) => a - b).map((at) => err(at)),
        };
        const all = [...rest.stdout, ...rest.stderr].sort((a, b) => a.stamp.localeCompare(b.stamp));
        const order = lineOrder(1_000_000);
        const take = (stream: OutputStream, count: number) =>
          order.push(stream, rest[stream].splice(0, count));
        const found = [
          ...reads.flatMap(([isOut, count]) => take(isOut ? 'stdout' : 'stderr', count)),
          ...take('stdout', Infinity),
          ...take('stderr', Infinity),
          ...order.end(),
        ];
        // Lines of one moment: those of standard output first.
        expect(found).toEqual(all);
      }),
    );
  });

  test('wait for a silent one no longer than until so many bytes are there', () => {
    const order = lineOrder(3 * size(out(1)));
    expect(order.push('stdout', [out(1), out(2), out(3)])).toEqual([]);
    expect(order.push('stdout', [out(4), out(5)])).toEqual([out(1), out(2)]);
    expect(order.push('stderr', [err(3), err(6)])).toEqual([out(3), err(3), out(4), out(5)]);
    expect(order.end()).toEqual([err(6)]);
  });

  test('lose nothing where one comes late', () => {
    const order = lineOrder(size(out(1)));
    expect(order.push('stdout', [out(5), out(6)])).toEqual([out(5)]);
    expect(order.push('stderr', [err(1)])).toEqual([err(1)]);
    expect(order.end()).toEqual([out(6)]);
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

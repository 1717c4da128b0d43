import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutNote, logHead, logTail } from '../../src/core/evidence/cut.ts';
import type { LogLine } from '../../src/core/evidence/lines.ts';
import { size } from '../../src/core/evidence/order.ts';

const line = (at: number, text = `line ${at}`): LogLine => {
  const stamp = `2026-01-02T03:04:05.${String(at).padStart(9, '0')}Z`;
  return { stream: 'stdout', stamp, bytes: `${stamp} ${text}` };
};
const written = (lines: readonly LogLine[]) => lines.map(({ bytes }) => `${bytes}\n`).join('');
const bytesOf = (lines: readonly LogLine[]) => lines.reduce((sum, each) => sum + size(each), 0);
const text = (blocks: readonly (Buffer | string)[]) =>
  blocks.map((block) => block.toString('latin1')).join('');

describe('the beginning of a log', () => {
  test('is the whole log where that fits', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(200), { maxLength: 8 }), { maxLength: 12 }), (chunks) => {
        const lines = chunks.map((chunk, at) =>
          chunk.map((length, index) => line(10 * at + index, 'x'.repeat(length))),
        );
        const head = logHead(bytesOf(lines.flat()));
        const found = text([...lines.map((each) => head.add(each)), ...head.waiting()]);
        expect(found).toBe(written(lines.flat()));
        expect([head.full(), head.bytes()]).toEqual([false, bytesOf(lines.flat())]);
      }),
    );
  });

  test('is half the budget where it does not, in whole lines', () => {
    const lines = Array.from({ length: 100 }, (_, at) => line(at));
    const head = logHead(20 * size(line(11)));
    const first = text(lines.map((each) => head.add([each])));
    expect(first).toBe(written(lines.slice(0, 10)));
    expect([head.full(), head.waiting(), head.written()]).toEqual([true, [], first.length]);
    expect(head.mark()).toEqual({ stamp: line(9).stamp, count: 1 });
  });

  test('ends before a line that is too large for it', () => {
    const head = logHead(1000);
    expect(text([head.add([line(1), line(2, 'x'.repeat(600)), line(3)])])).toBe(written([line(1)]));
    expect(head.mark()).toEqual({ stamp: line(1).stamp, count: 1 });
    expect(text(head.waiting())).toBe(written([line(2, 'x'.repeat(600)), line(3)]));
  });
});

describe('the end of a log', () => {
  test('together with the beginning and what is left out is all of it', () => {
    const lengths = fc.array(fc.nat(3000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1000, max: 400_000 }),
        fc.integer({ min: 1, max: 50 }),
        (sizes, budget, chunk) => {
          // Some lines have the same stamp.
          const lines = sizes.map((length, index) => line(Math.floor(index / 3), 'x'.repeat(length)));
          const head = logHead(budget);
          const first = text([head.add(lines)]);
          if (!head.full()) return;
          const tail = logTail(budget / 2, head.mark());
          for (let at = 0; at < lines.length; at += chunk) tail.add(lines.slice(at, at + chunk));
          const last = text(tail.blocks());
          expect(written(lines).startsWith(first)).toBe(true);
          expect(written(lines).endsWith(last)).toBe(true);
          expect(last.length).toBeLessThanOrEqual(budget / 2);
          expect(tail.bytes()).toBe(last.length);
          if (first !== '') expect(first.length + (tail.leftOut() ?? 0) + last.length).toBe(bytesOf(lines));
          if (last !== '') expect(tail.from()).toBe(last.slice(0, 30).trim());
        },
      ),
    );
  });

  test('does not know what is left out where it was read from after the cut', () => {
    const tail = logTail(1000, { stamp: line(5).stamp, count: 1 });
    tail.add([line(7), line(8)]);
    expect(tail.leftOut()).toBeUndefined();
    expect(text(tail.blocks())).toBe(written([line(7), line(8)]));
  });
});

describe('the note at a cut', () => {
  const mark = { stamp: line(5).stamp, count: 1 };

  test('names both times, and how much is left out', () => {
    const tail = logTail(50_000, mark);
    tail.add([line(5), line(6, 'x'.repeat(60_000)), line(7)]);
    tail.blocks();
    expect(cutNote(mark, tail, 100_000)).toBe(
      `[infra-action] The log is cut here: 58.6 KiB (60032 bytes) from ${line(5).stamp} to ${line(7).stamp} is left out, since no more than 97.7 KiB are kept of this log.\n`,
    );
  });

  test('says so where nobody knows', () => {
    const note = cutNote({ stamp: '', count: 0 }, logTail(10, mark), 10);
    expect(note).toContain('an unknown amount from its beginning to its end is left out');
  });
});

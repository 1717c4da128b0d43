import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogLine, lineReader, stampOf } from '../../src/core/evidence/lines.ts';

const part = 16 * 1024;
const stampAt = (index: number) => `2026-01-02T03:04:05.${String(index).padStart(9, '0')}Z`;

/** What `docker logs --timestamps` writes of a line that Docker keeps in parts. */
function asDocker(text: Buffer, stamp: string): Buffer {
  const parts = Array.from({ length: Math.floor(text.length / part) + 1 }, (_, index) =>
    Buffer.concat([Buffer.from(`${stamp} `), text.subarray(index * part, (index + 1) * part)]),
  );
  return Buffer.concat([...parts, Buffer.from('\n')]);
}

/** Reads a log in pieces of so many bytes. */
function read(log: Buffer, piece = log.length || 1, longest = 1024 * 1024): readonly LogLine[] {
  const reader = lineReader('stdout', longest);
  const pieces = Array.from({ length: Math.ceil(log.length / piece) }, (_, index) =>
    log.subarray(index * piece, (index + 1) * piece),
  );
  return [...pieces.flatMap((each) => reader.push(each)), ...reader.end()];
}

const texts = (lines: readonly LogLine[]) =>
  lines.map(({ bytes }) => Buffer.from(bytes.slice(31), 'latin1').toString());

describe('lines of a log', () => {
  test('have the stamp that Docker gave them', () => {
    const log = `${stampAt(1)} one\n${stampAt(2)} \n${stampAt(3)} three`;
    expect(read(Buffer.from(log))).toEqual([
      { stream: 'stdout', stamp: stampAt(1), bytes: `${stampAt(1)} one` },
      { stream: 'stdout', stamp: stampAt(2), bytes: `${stampAt(2)} ` },
      { stream: 'stdout', stamp: stampAt(3), bytes: `${stampAt(3)} three` },
    ]);
  });

  test('are what was written, whatever that is and in whatever pieces it comes', () => {
    const line = fc.oneof(
      { weight: 5, arbitrary: fc.uint8Array({ maxLength: 50 }) },
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 5000 }))
        .map(([some, times]) =>
          Uint8Array.from({ length: some.length * times }, (_, index) => some[index % some.length] ?? 0),
        ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 1, max: 70_000 }), (written, piece) => {
        const lines = written.map(
          (bytes) => Buffer.from(bytes).map((byte) => (byte === 10 ? 11 : byte)) as Buffer,
        );
        const log = Buffer.concat(lines.map((text, index) => asDocker(Buffer.from(text), stampAt(index))));
        const found = read(log, piece);
        expect(found.map(({ stamp }) => stamp)).toEqual(lines.map((_, index) => stampAt(index)));
        for (const [index, { bytes }] of found.entries())
          expect(Buffer.from(bytes.slice(31), 'latin1').equals(Buffer.from(lines[index] ?? []))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test.each([part - 1, part, part + 1, 2 * part, 3 * part + 7])(
    'of %i bytes have no stamp of Docker’s inside, so a secret across it is whole',
    (length) => {
      const text = `${'x'.repeat(length - 3)}SECRET`;
      expect(texts(read(asDocker(Buffer.from(text), stampAt(7))))).toEqual([text]);
    },
  );

  test('of bytes that Docker keeps as three each are put together, too', () => {
    const parts = ['\ufffd'.repeat(part), '\ufffd'.repeat(100)].map((text) => `${stampAt(1)} ${text}`);
    expect(texts(read(Buffer.from(`${parts.join('')}\n`)))).toEqual(['\ufffd'.repeat(part + 100)]);
  });

  test('keep stamps that the program wrote itself', () => {
    const text = `ts=${stampAt(1)} ${'x'.repeat(2 * part)} ts=${stampAt(2)} end`;
    expect(texts(read(asDocker(Buffer.from(text), stampAt(3))))).toEqual([text]);
  });

  test('that Docker itself writes have no stamp', () => {
    const said = 'Error response from daemon: no such container';
    expect(read(Buffer.from(`${said}\n`))).toEqual([{ stream: 'stdout', stamp: '', bytes: said }]);
  });

  test('without a line break for longer than may be held are told of, and the next is read', () => {
    const log = `${stampAt(1)} ${'x'.repeat(100_000)}\n${stampAt(2)} next\n`;
    for (const piece of [1, 29, 31, 1000, 200_000]) {
      expect(texts(read(Buffer.from(log), piece, 50_000))).toEqual([
        '[a line of 100000 bytes is left out]',
        'next',
      ]);
    }
  });

  test('are counted as the records that Docker keeps', () => {
    const reader = lineReader('stderr', 1024 * 1024);
    reader.push(Buffer.from(`${stampAt(1)} a\n`));
    expect(reader.counted()).toEqual({ records: 1, bytes: 32 });
    reader.push(asDocker(Buffer.alloc(2 * part + 5, 'x'), stampAt(2)));
    expect(reader.counted()).toMatchObject({ records: 4 });
  });
});

test('a block of lines tells the stamp of its first', () => {
  expect(stampOf(Buffer.from(`${stampAt(5)} a\n${stampAt(6)} b\n`))).toBe(stampAt(5));
});

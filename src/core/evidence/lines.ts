import type { OutputStream } from '../command.ts';

/**
 * One line of a container's log. Its bytes are kept as letters of Latin-1, one for one: a string costs a fraction of a
 * buffer, and logs have millions of lines.
 */
export interface LogLine {
  readonly stream: OutputStream;
  /** When Docker got it: RFC 3339 in UTC with nine decimals, so that stamps sort as text. Empty for what Docker itself says. */
  readonly stamp: string;
  /** The line with its stamp, without the line break; whatever the program wrote. */
  readonly bytes: string;
}

/** Takes one stream of `docker logs --timestamps` apart into lines. */
export interface LineReader {
  /** The lines that this chunk completes. */
  push(chunk: Buffer): readonly LogLine[];
  /** The line that was begun, where there is one. */
  end(): readonly LogLine[];
  /** What the lines so far were in Docker's terms; a long line has several records. */
  counted(): Counted;
}

export interface Counted {
  readonly records: number;
  readonly bytes: number;
}

const stampPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z $/;
const stampLength = '2026-01-02T03:04:05.000000000Z'.length;

/**
 * Docker keeps a line in parts of so many bytes (moby, daemon/logger/copier.go), and `docker logs --timestamps` writes
 * the line's stamp again before each part, in the middle of the line: seen on Engine 28.5.2 with json-file.
 */
const partLength = 16 * 1024;

/**
 * Reads lines of one stream, whole: stamps that Docker put into them are taken out again. Of a line that has more than
 * `longest` bytes only its length is told.
 */
export function lineReader(stream: OutputStream, longest: number): LineReader {
  let pieces: string[] = [];
  let held = 0;
  let records = 0;
  let counted = 0;
  const hold = (piece: string) => {
    const fitted = held <= longest;
    held += piece.length;
    if (fitted) pieces.push(piece);
    // Of a line that is too long only the stamp is needed.
    if (fitted && held > longest) pieces = [pieces.join('').slice(0, stampLength + 1)];
  };
  const finish = (): LogLine => {
    const { stamp, bytes } = withoutStamps(pieces.length === 1 ? (pieces[0] ?? '') : pieces.join(''));
    const note = `${stamp} [a line of ${held - stampLength - 1} bytes is left out]`;
    const line = { stream, stamp, bytes: held > longest ? note : bytes };
    records += stamp === '' ? 0 : Math.ceil(held / (partLength + stampLength + 1));
    counted += held;
    pieces = [];
    held = 0;
    return line;
  };
  return {
    push: (chunk) => {
      const [first = '', ...more] = chunk.toString('latin1').split('\n');
      const last = more.pop();
      hold(first);
      if (last === undefined) return [];
      const lines = [finish()];
      for (const line of more) {
        hold(line);
        lines.push(finish());
      }
      hold(last);
      return lines;
    },
    end: () => (held === 0 ? [] : [finish()]),
    counted: () => ({ records, bytes: counted }),
  };
}

/** A line's stamp, and the line without that stamp at the head of each further part. */
function withoutStamps(line: string): Pick<LogLine, 'stamp' | 'bytes'> {
  const head = line.slice(0, stampLength + 1);
  if (!stampPattern.test(head)) return { stamp: '', bytes: line };
  const stamp = line.slice(0, stampLength);
  let bytes = '';
  let from = 0;
  for (let part = stampLength + 1; line.length - part > partLength; ) {
    // A part may be longer than it was: json-file keeps a byte that is no UTF-8 as the three of U+FFFD.
    const next = line.indexOf(head, part + partLength);
    if (next < 0) break;
    bytes += line.slice(from, next);
    from = next + head.length;
    part = from;
  }
  return { stamp, bytes: from === 0 ? line : bytes + line.slice(from) };
}

/** The stamp of the first of some lines. */
export function stampOf(lines: Buffer): string {
  return lines.toString('latin1', 0, stampLength);
}

/** The text that bytes, as letters of Latin-1, are in UTF-8; what is none is U+FFFD. */
export function textOf(bytes: string): string {
  // Most logs are ASCII, which is the same in both.
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

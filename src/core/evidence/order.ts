import type { OutputStream } from '../command.ts';
import { type LineReader, type LogLine, lineReader } from './lines.ts';

/** Puts the lines of a container's two streams into the order of time. */
export interface LineOrder {
  /** The lines that nothing earlier can come before any more. */
  push(stream: OutputStream, chunk: Buffer): readonly LogLine[];
  /** All other lines; a last one that has no end only where the streams were read to theirs. */
  end(atEnd: boolean): readonly LogLine[];
  /** Bytes that one of Docker's records has on average; 0 where there was none. */
  recordLength(): number;
}

/** Chunks wait as they are, since lines by the thousand that wait make the heap grow. */
interface Queue {
  readonly reader: LineReader;
  chunks: Buffer[];
  lines: readonly LogLine[];
  /** Those before it are gone already. */
  next: number;
  /** In chunks and whole lines. */
  bytes: number;
}

/** Docker writes line by line; so many bytes are worth a step of work. */
const worthwhile = 32 * 1024;

/**
 * `docker logs` writes both streams in their order, but into two pipes, so one may be read ahead of the other, by no more
 * than a pipe and a read hold. A stream that is silent is therefore waited for only while the other has less than
 * `window` bytes waiting. Of a line with more than `longestLine` bytes only its length is told.
 */
export function lineOrder(window: number, longestLine: number): LineOrder {
  const stdout = newQueue(lineReader('stdout', longestLine));
  const stderr = newQueue(lineReader('stderr', longestLine));
  const take = (limit: number): readonly LogLine[] => {
    const taken: LogLine[] = [];
    for (;;) {
      const [out, err] = [peek(stdout), peek(stderr)];
      const line = earlier(out, err);
      const waiting = out === undefined ? stderr.bytes : err === undefined ? stdout.bytes : Infinity;
      if (line === undefined || waiting <= limit) return taken;
      taken.push(line);
      const queue = line === out ? stdout : stderr;
      queue.next += 1;
      queue.bytes -= size(line);
    }
  };
  const isWorthwhile = () => {
    const silent = stdout.bytes === 0 || stderr.bytes === 0;
    return stdout.bytes + stderr.bytes > (silent ? window : 0) + worthwhile;
  };
  return {
    push: (stream, chunk) => {
      const queue = stream === 'stdout' ? stdout : stderr;
      queue.chunks.push(chunk);
      queue.bytes += chunk.length;
      return isWorthwhile() ? take(window) : [];
    },
    end: (atEnd) => {
      for (const queue of atEnd ? [stdout, stderr] : []) finish(queue);
      return take(-1);
    },
    recordLength: () => {
      const [out, err] = [stdout.reader.counted(), stderr.reader.counted()];
      return (out.bytes + err.bytes) / Math.max(1, out.records + err.records);
    },
  };
}

function newQueue(reader: LineReader): Queue {
  return { reader, chunks: [], lines: [], next: 0, bytes: 0 };
}

/** The first line that waits. */
function peek(queue: Queue): LogLine | undefined {
  while (queue.next >= queue.lines.length) {
    const chunk = queue.chunks.shift();
    if (chunk === undefined) return undefined;
    queue.lines = queue.reader.push(chunk);
    queue.next = 0;
    queue.bytes += sizeOf(queue.lines) - chunk.length;
  }
  return queue.lines[queue.next];
}

/** Makes lines of all that waits, the last one too, which has no end. */
function finish(queue: Queue): void {
  const more = [...queue.chunks.flatMap((chunk) => queue.reader.push(chunk)), ...queue.reader.end()];
  queue.lines = [...queue.lines.slice(queue.next), ...more];
  queue.next = 0;
  queue.chunks = [];
  queue.bytes = sizeOf(queue.lines);
}

function sizeOf(lines: readonly LogLine[]): number {
  return lines.reduce((sum, line) => sum + size(line), 0);
}

function earlier(out: LogLine | undefined, err: LogLine | undefined): LogLine | undefined {
  if (out === undefined || err === undefined) return out ?? err;
  return err.stamp < out.stamp ? err : out;
}

/** Bytes that a line has in the log that is written. */
export function size({ bytes }: LogLine): number {
  return bytes.length + 1;
}

/**
 * Takes out lines that may have begun before the first record that was asked for: half a line may hold half a secret,
 * which nothing would find. The rest of such a line carries the stamp of its beginning, so a stream's first line is whole
 * where it is not older than a line of the other stream that is known to have begun later.
 */
export function wholeLines(): (lines: readonly LogLine[]) => readonly LogLine[] {
  const seen = { stdout: 0, stderr: 0 };
  const surely: { stdout?: string; stderr?: string } = {};
  return (lines) =>
    lines.filter(({ stream, stamp }) => {
      seen[stream] += 1;
      if (seen[stream] > 1) {
        surely[stream] ??= stamp;
        return true;
      }
      const other = surely[stream === 'stdout' ? 'stderr' : 'stdout'];
      return other !== undefined && stamp >= other;
    });
}

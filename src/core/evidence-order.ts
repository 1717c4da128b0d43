import type { OutputStream } from './command.ts';
import type { LogLine } from './evidence-lines.ts';

/** Puts the lines of a container's two streams into the order of time. */
export interface LineOrder {
  /** The lines that nothing earlier can come before any more. */
  push(stream: OutputStream, lines: readonly LogLine[]): readonly LogLine[];
  end(): readonly LogLine[];
}

interface Queue {
  lines: readonly LogLine[];
  bytes: number;
}

/**
 * `docker logs` writes both streams in their order, but into two pipes, so one may be read ahead of the other, by no more
 * than a pipe and a read hold. A stream that is silent is therefore waited for only while the other has less than
 * `window` bytes waiting.
 */
export function lineOrder(window: number): LineOrder {
  const queues: Readonly<Record<OutputStream, Queue>> = {
    stdout: { lines: [], bytes: 0 },
    stderr: { lines: [], bytes: 0 },
  };
  const take = (limit: number): readonly LogLine[] => {
    const { stdout, stderr } = queues;
    const taken: LogLine[] = [];
    let out = 0;
    let err = 0;
    for (;;) {
      const [first, second] = [stdout.lines[out], stderr.lines[err]];
      const next = earlier(first, second);
      const waiting = first === undefined ? stderr.bytes : second === undefined ? stdout.bytes : Infinity;
      if (next === undefined || waiting <= limit) break;
      taken.push(next);
      if (next === first) out += 1;
      else err += 1;
      queues[next.stream].bytes -= size(next);
    }
    stdout.lines = stdout.lines.slice(out);
    stderr.lines = stderr.lines.slice(err);
    return taken;
  };
  return {
    push: (stream, lines) => {
      const queue = queues[stream];
      queue.lines = queue.lines.length === 0 ? lines : [...queue.lines, ...lines];
      for (const line of lines) queue.bytes += size(line);
      return take(window);
    },
    end: () => take(-1),
  };
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

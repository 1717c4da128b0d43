import { type LogLine, textOf } from '../core/evidence/lines.ts';
import { lineOrder } from '../core/evidence/order.ts';
import type { EngineReader } from '../io/docker.ts';

/** What is wanted of a container's log. */
export interface Reading {
  readonly id: string;
  /** So many of Docker's last records; absent: all. */
  readonly last?: number;
  /** Of a line with more bytes only its length is told. */
  readonly longestLine: number;
  /** Gets the lines of both streams in their order. */
  readonly onLines: (lines: readonly LogLine[]) => Promise<void>;
  /** Whether that is enough, now that so many bytes have been read. */
  readonly isEnough: (bytesRead: number) => boolean;
}

export interface LogRead {
  readonly how: 'whole' | 'enough' | 'late' | 'failed';
  /** What Docker itself said. */
  readonly said: string;
  /** Bytes that one of Docker's records has on average. */
  readonly recordLength: number;
}

/** One stream may be read so far ahead of the other: more than a pipe and a read take together. Bytes. */
const window = 256 * 1024;

/** Reads a log until it ends or is enough, in bounded memory. */
export async function readLog(reading: Reading, engine: EngineReader, signal: AbortSignal): Promise<LogRead> {
  const stop = new AbortController();
  const order = lineOrder(window, reading.longestLine);
  const said: string[] = [];
  let read = 0;
  const handOn = async (lines: readonly LogLine[]) => {
    for (const { stamp, bytes } of lines) if (stamp === '' && said.length < 10) said.push(textOf(bytes));
    const stamped = lines.filter(({ stamp }) => stamp !== '');
    if (stamped.length > 0) await reading.onLines(stamped);
    if (reading.isEnough(read)) stop.abort();
  };
  const result = await engine.readLog(reading.id, reading.last, {
    timeout: 600_000,
    signal: AbortSignal.any([signal, stop.signal]),
    onOutput: async (chunk, stream) => {
      read += chunk.length;
      await handOn(order.push(stream, chunk));
    },
  });
  const ended = signal.aborted ? 'late' : result.exitCode === 0 ? 'whole' : 'failed';
  // A line that was cut off may hold half a secret.
  if (!stop.signal.aborted) await handOn(order.end(ended !== 'late'));
  return {
    how: stop.signal.aborted ? 'enough' : ended,
    said: said.join('\n').trim(),
    recordLength: order.recordLength(),
  };
}

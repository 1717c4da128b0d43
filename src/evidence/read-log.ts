import type { CommandResult, OutputStream } from '../core/command.ts';
import { type LineReader, type LogLine, lineReader } from '../core/evidence-lines.ts';
import { lineOrder } from '../core/evidence-order.ts';
import type { EngineReader } from '../io/docker.ts';

/** What is wanted of a container's log. */
export interface Reading {
  readonly id: string;
  /** So many of Docker's last records; absent: all. */
  readonly last?: number;
  /** Of a line with more bytes only its length is told. */
  readonly longestLine: number;
  /** Gets the lines of both streams in their order. True: that is enough. */
  readonly onLines: (lines: readonly LogLine[], bytesRead: number) => Promise<boolean>;
}

export interface LogRead {
  readonly how: 'whole' | 'enough' | 'late' | 'failed';
  /** What Docker itself said. */
  readonly said: string;
  readonly records: number;
  readonly bytes: number;
}

/** One stream may be read so far ahead of the other: more than a pipe and a read take together. Bytes. */
const window = 256 * 1024;

/** Reads a log until it ends or is enough, in bounded memory. */
export async function readLog(reading: Reading, engine: EngineReader, signal: AbortSignal): Promise<LogRead> {
  const stop = new AbortController();
  const readers: Readonly<Record<OutputStream, LineReader>> = {
    stdout: lineReader('stdout', reading.longestLine),
    stderr: lineReader('stderr', reading.longestLine),
  };
  const order = lineOrder(window);
  const said: string[] = [];
  let bytes = 0;
  const handOn = async (lines: readonly LogLine[]) => {
    if (lines.length > 0 && (await reading.onLines(lines, bytes))) stop.abort();
  };
  const stamped = (lines: readonly LogLine[]) =>
    lines.filter(({ stamp, bytes: line }) => {
      if (stamp === '' && said.length < 10) said.push(Buffer.from(line, 'latin1').toString('utf8'));
      return stamp !== '';
    });
  const result = await engine.readLog(reading.id, reading.last, {
    timeout: 600_000,
    signal: AbortSignal.any([signal, stop.signal]),
    onOutput: async (chunk, stream) => {
      bytes += chunk.length;
      await handOn(order.push(stream, stamped(readers[stream].push(chunk))));
    },
  });
  const ended = stop.signal.aborted ? 'enough' : signal.aborted ? 'late' : endOf(result);
  // A line that was cut off may hold half a secret.
  if (ended === 'whole' || ended === 'failed')
    for (const stream of ['stdout', 'stderr'] as const)
      await handOn(order.push(stream, stamped(readers[stream].end())));
  if (ended !== 'enough') await handOn(order.end());
  const records = readers.stdout.records() + readers.stderr.records();
  return { how: stop.signal.aborted ? 'enough' : ended, said: said.join('\n').trim(), records, bytes };
}

function endOf({ exitCode }: CommandResult): 'whole' | 'failed' {
  return exitCode === 0 ? 'whole' : 'failed';
}

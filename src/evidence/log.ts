import { cutNote, type LogHead, type LogTail, logHead, logTail } from '../core/evidence/cut.ts';
import type { LogLine } from '../core/evidence/lines.ts';
import { wholeLines } from '../core/evidence/order.ts';
import type { LogFacts } from '../core/evidence/report.ts';
import type { EngineReader } from '../io/docker.ts';
import type { Put } from './folder.ts';
import { type LogRead, readLog } from './read-log.ts';

/** How often fewer of the last records are asked for, where they are much larger than those at the beginning. */
const tries = 4;

/** Bytes that may be on their way through the reader before the first line comes out of it. */
const inReader = 1024 * 1024;

/** A log, and where it goes. */
export interface LogTask {
  /** The container. */
  readonly id: string;
  /** Bytes that are kept of it. */
  readonly budget: number;
  readonly put: Put;
  readonly engine: EngineReader;
  readonly signal: AbortSignal;
}

type Written = Omit<LogFacts, 'file'>;

/**
 * Writes a container's log: all of it up to its budget, else its beginning and its end, each half of that, with a note
 * between. A log beyond that is not read through: reading stops, and Docker is asked for the last records.
 */
export async function writeLog(task: LogTask): Promise<Written> {
  const { id, budget, put, engine, signal } = task;
  const head = logHead(budget);
  const onLines = async (lines: readonly LogLine[]) => {
    const text = head.add(lines);
    if (text !== '') await put(text);
  };
  // A line without an end is not held, but it is read.
  const isEnough = (bytesRead: number) => head.full() || bytesRead > 2 * budget + inReader;
  const read = await readLog({ id, longestLine: budget, onLines, isEnough }, engine, signal);
  if (read.how === 'enough') return writeTail(task, head, read);
  for (const text of head.waiting()) await put(text.toString('utf8'));
  const bytes = head.bytes();
  if (read.how !== 'whole') return { bytes, complete: false, note: await putEnd(read, put) };
  if (bytes === 0) await put('[infra-action] The container has written nothing.\n');
  return { bytes, complete: true };
}

async function writeTail(task: LogTask, head: LogHead, { recordLength }: LogRead): Promise<Written> {
  const { budget, put } = task;
  // A quarter more than fits, since the end may have shorter lines.
  const { tail, read } = await readTail(
    task,
    head,
    Math.ceil((1.25 * budget) / 2 / Math.max(1, recordLength)),
  );
  const blocks = tail.blocks();
  const note = cutNote(head.mark(), tail, budget);
  await put(note);
  for (const text of blocks) await put(text.toString('utf8'));
  if (read.how !== 'whole') await putEnd(read, put);
  const leftOut = tail.leftOut();
  return {
    bytes: head.written() + tail.bytes(),
    complete: false,
    ...(leftOut === undefined ? {} : { leftOutBytes: leftOut }),
    note: note.trim(),
  };
}

/** Reads the last records, and fewer of them where they turn out to be far too much. */
async function readTail(
  { id, budget, engine, signal }: LogTask,
  head: LogHead,
  last: number,
): Promise<{ tail: LogTail; read: LogRead }> {
  for (let [attempt, wanted] = [1, last]; ; attempt += 1, wanted = Math.ceil(wanted / 8)) {
    const tail = logTail(budget / 2, head.mark());
    const whole = wholeLines();
    const onLines = async (lines: readonly LogLine[]) => tail.add(whole(lines));
    const isEnough = (bytesRead: number) => attempt < tries && bytesRead > 4 * budget + inReader;
    const read = await readLog(
      { id, last: wanted, longestLine: budget / 4, onLines, isEnough },
      engine,
      signal,
    );
    if (read.how !== 'enough') return { tail, read };
  }
}

/** Says why a log is not there to its end. */
async function putEnd({ how, said }: LogRead, put: Put): Promise<string> {
  const why = how === 'late' ? 'there was no time to read more of it.' : said || 'Docker gave no log.';
  const note = `[infra-action] The log ends here: ${why}`;
  await put(`${note}\n`);
  return note;
}

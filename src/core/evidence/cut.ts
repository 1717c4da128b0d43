import { amount } from './amount.ts';
import { type LogLine, stampOf, textOf } from './lines.ts';
import { size } from './order.ts';

/** The last line before a cut: lines up to it are there already. */
export interface Mark {
  readonly stamp: string;
  /** So many lines with that very stamp. */
  readonly count: number;
}

/** The beginning of a log that may turn out to be larger than its budget. */
export interface LogHead {
  /** What can be written of these lines at once. */
  add(lines: readonly LogLine[]): string;
  /** There is more than the budget allows: what waits is not written. */
  full(): boolean;
  /** What waited until the log was known to fit. */
  waiting(): readonly Buffer[];
  mark(): Mark;
  /** Bytes of all lines so far, and of those that were let through. */
  bytes(): number;
  written(): number;
}

/** Lines go through until they fill half the budget (bytes); then they wait for the end of the log or of the budget. */
export function logHead(budget: number): LogHead {
  let written = 0;
  let later = 0;
  let waiting: Buffer[] = [];
  let mark: Mark = { stamp: '', count: 0 };
  const letThrough = (line: LogLine): boolean => {
    const bytes = size(line);
    if (later > 0 || written + bytes > budget / 2) {
      later += bytes;
      return false;
    }
    written += bytes;
    mark = { stamp: line.stamp, count: line.stamp === mark.stamp ? mark.count + 1 : 1 };
    return true;
  };
  return {
    add: (lines) => {
      let now = 0;
      for (const line of lines) if (letThrough(line)) now += 1;
      if (later + written > budget) waiting = [];
      else if (now < lines.length) waiting.push(asBytes(lines.slice(now)));
      return now === 0 ? '' : textOf(joined(lines.slice(0, now)));
    },
    full: () => later + written > budget,
    waiting: () => waiting,
    mark: () => mark,
    bytes: () => later + written,
    written: () => written,
  };
}

/** The end of a log, of which no more than so many bytes are kept. */
export interface LogTail {
  add(lines: readonly LogLine[]): void;
  blocks(): readonly Buffer[];
  bytes(): number;
  /** Stamp of the first line that is kept. */
  from(): string | undefined;
  /** Bytes between the head and what is kept; undefined where the tail was not read from the head on. */
  leftOut(): number | undefined;
}

/** So many bytes of lines fall out of the tail together, so that not every line is a thing of its own. */
const largestBlock = 32 * 1024;

/** Keeps the last lines after the mark. */
export function logTail(limit: number, mark: Mark): LogTail {
  let blocks: Buffer[] = [];
  let gathered: LogLine[] = [];
  let bytes = 0;
  let fallen = 0;
  let met = 0;
  let reached = false;
  const blockLength = Math.min(largestBlock, limit / 32);
  const isNew = ({ stamp }: LogLine): boolean => {
    if (stamp <= mark.stamp) reached = true;
    if (stamp === mark.stamp) met += 1;
    return stamp > mark.stamp || (stamp === mark.stamp && met > mark.count);
  };
  const close = () => {
    if (gathered.length > 0) blocks.push(asBytes(gathered));
    gathered = [];
  };
  const trim = () => {
    let gone = 0;
    for (; bytes > limit && gone < blocks.length; gone += 1) {
      const dropped = blocks[gone]?.length ?? 0;
      bytes -= dropped;
      fallen += dropped;
    }
    blocks = blocks.slice(gone);
  };
  let open = 0;
  return {
    add: (lines) => {
      for (const line of lines.filter(isNew)) {
        gathered.push(line);
        bytes += size(line);
        open += size(line);
        if (open < blockLength) continue;
        close();
        open = 0;
      }
      trim();
    },
    blocks: () => {
      close();
      trim();
      return blocks;
    },
    bytes: () => bytes,
    from: () => {
      close();
      return blocks[0] === undefined ? undefined : stampOf(blocks[0]);
    },
    leftOut: () => (reached ? fallen : undefined),
  };
}

/** Lines to keep for later; outside of JavaScript's heap, whose growth costs more than they do. */
function asBytes(lines: readonly LogLine[]): Buffer {
  return Buffer.from(joined(lines), 'latin1');
}

function joined(lines: readonly LogLine[]): string {
  return `${lines.map(({ bytes }) => bytes).join('\n')}\n`;
}

/** The line that stands where a log was cut. */
export function cutNote(mark: Mark, tail: LogTail, budget: number): string {
  const leftOut = tail.leftOut();
  const much = leftOut === undefined ? 'an unknown amount' : `${amount(leftOut)} (${leftOut} bytes)`;
  const since = mark.stamp === '' ? 'its beginning' : mark.stamp;
  const until = tail.from() ?? 'its end';
  return `[infra-action] The log is cut here: ${much} from ${since} to ${until} is left out, since no more than ${amount(budget)} are kept of this log.\n`;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDescendants, signal } from './process-table.ts';

export interface Child {
  readonly ended: Promise<number | undefined>;
  /** What a cancelled job or an exceeded `timeout-minutes` does to the step's process. */
  cancel(): void;
  kill(whom: 'entry' | 'tree'): void;
}

export interface Grace {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

export const runnerGrace: Grace = { interruptMs: 7500, terminateMs: 2500 };

export interface Launch {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly grace: Grace;
  readonly onLine: (line: string) => void;
}

/** A step's process, in a group of its own. `ended` is its exit code, nothing when a signal ended it. */
export function start(argv: readonly string[], launch: Launch): Child {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  child.on('error', () => undefined);
  if (pid === undefined)
    throw new Error(`${file} could not be started: is it installed, and does ${launch.cwd} exist?`);
  const gone = new AbortController();
  const exited = once(child, 'exit').finally(() => gone.abort());
  const kill = (whom: 'entry' | 'tree'): void => {
    const below = whom === 'tree' ? listDescendants(pid) : [];
    signal(pid, 'SIGKILL');
    if (whom === 'tree') signal(-pid, 'SIGKILL');
    for (const descendant of below) signal(descendant.pid, 'SIGKILL');
  };
  const streams = [child.stdout, child.stderr];
  const read = Promise.all(streams.map((stream) => readLines(stream, launch.onLine)));
  return {
    ended: finish(exited, read, streams),
    cancel: () => void escalate(pid, launch.grace, gone.signal, kill),
    kill: (whom) => {
      if (!gone.signal.aborted) kill(whom);
    },
  };
}

/** A process that leaves a child behind on its output holds its step up for five more seconds. */
async function finish(exited: Promise<unknown[]>, read: Promise<unknown>, streams: readonly Readable[]) {
  const [code] = (await exited) as [number | null];
  const patience = new AbortController();
  await Promise.race([read, sleep(5000, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  for (const stream of streams) stream.destroy();
  await read;
  return code ?? undefined;
}

async function escalate(pid: number, grace: Grace, gone: AbortSignal, kill: (whom: 'entry') => void) {
  const steps = [
    ['SIGINT', grace.interruptMs],
    ['SIGTERM', grace.terminateMs],
  ] as const;
  for (const [name, patience] of steps) {
    if (gone.aborted) return;
    signal(pid, name);
    await sleep(patience, undefined, { signal: gone }).catch(() => undefined);
  }
  if (!gone.aborted) kill('entry');
}

/** Lines end at `\n`, `\r\n` or `\r`, as .NET's reader has it: a lone carriage return starts a line, and so a command. */
async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
  } catch {
    // Destroyed while a left-behind child still held it.
  }
  if (rest !== '') onLine(rest.replace(/\r$/, ''));
}

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type CacheAnswer,
  type CacheRequest,
  clientTrouble,
  type Saved,
} from '../core/images/cache-messages.ts';

/** The cache of the repository. Nothing here throws: a cache in trouble is one without the entry. */
export interface Cache {
  /** Whether the runner has a cache service at all. */
  available(): boolean;
  /** Gets ready for folders in this one, ahead of the first: a client takes its time to start. */
  prepare(root: string): void;
  /**
   * Makes a folder what was saved under the key, or else what was saved last under one that begins with one of
   * `prefixes`. The folder's own name belongs to the entry: one that was saved under another name is not found. Gives the
   * entry's key, undefined where there is none.
   */
  restore(
    key: string,
    folder: string,
    signal: AbortSignal,
    prefixes?: readonly string[],
  ): Promise<string | undefined>;
  /** The key of the entry that `restore` would make a folder of; undefined where there is none. */
  look(
    key: string,
    folder: string,
    signal: AbortSignal,
    prefixes?: readonly string[],
  ): Promise<string | undefined>;
  /** Saves a folder with what is in it. An entry never changes: a key that is taken stays as it is. */
  save(key: string, folder: string, signal: AbortSignal): Promise<Saved>;
  /** What went wrong since the last time that this was asked, each in the words of who said it. */
  troubles(): readonly string[];
  /** Lets go of everything; what still goes on is given up. */
  close(): void;
}

interface Worker {
  ask(request: Asked, signal: AbortSignal): Promise<CacheAnswer | undefined>;
  stop(): void;
}

type Asked = CacheRequest extends infer Each ? (Each extends CacheRequest ? Omit<Each, 'id'> : never) : never;

/**
 * The cache service of GitHub's runner, through `@actions/cache` in a process of its own: the client holds the event loop up
 * while it writes, wants to be in the folder that it fills, and says what failed in commands that would be annotations.
 */
export function cacheIn(program: string): Cache {
  const workers = new Map<string, Worker>();
  let troubles: string[] = [];
  const note = (text: string) => {
    if (!troubles.includes(text)) troubles.push(text);
  };
  const workerIn = async (root: string): Promise<Worker> => {
    await mkdir(join(root, temporary), { recursive: true, mode: 0o700 });
    const worker = workers.get(root) ?? startWorker(program, root, note);
    workers.set(root, worker);
    return worker;
  };
  const ask = async (folder: string, request: Asked, signal: AbortSignal) => {
    try {
      const answer = await (await workerIn(dirname(folder))).ask(request, signal);
      if (answer?.kind === 'failed') note(answer.why);
      return answer;
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const find = async (
    kind: 'restore' | 'look',
    key: string,
    folder: string,
    signal: AbortSignal,
    prefixes: readonly string[] = [],
  ) => {
    const answer = await ask(folder, { kind, key, path: basename(folder), prefixes }, signal);
    return answer?.kind === 'restored' ? answer.key : undefined;
  };
  return {
    available: () =>
      Boolean(process.env['ACTIONS_RESULTS_URL'] || process.env['ACTIONS_CACHE_URL']) && existsSync(program),
    prepare: (root) => {
      workerIn(root).catch((error: unknown) => note(error instanceof Error ? error.message : String(error)));
    },
    restore: (...asked) => find('restore', ...asked),
    look: (...asked) => find('look', ...asked),
    save: async (key, folder, signal) => {
      const answer = await ask(folder, { kind: 'save', key, path: basename(folder) }, signal);
      return answer?.kind === 'saved' ? answer.how : 'failed';
    },
    troubles: () => {
      const told = troubles;
      troubles = [];
      return told;
    },
    close: () => {
      for (const worker of workers.values()) worker.stop();
      workers.clear();
    },
  };
}

/** Where the client puts archives for a moment. */
const temporary = '.archives';

function startWorker(program: string, root: string, note: (text: string) => void): Worker {
  const env = {
    ...process.env,
    GITHUB_WORKSPACE: root,
    RUNNER_TEMP: join(root, temporary),
    RUNNER_DEBUG: '',
  };
  const child = fork(program, [], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const waiting = new Map<number, (answer: CacheAnswer | undefined) => void>();
  let asked = 0;
  let ended = false;
  listen(child, note);
  child.on('message', (answer: CacheAnswer) => waiting.get(answer.id)?.(answer));
  child.on('error', ({ message }) => note(message));
  child.on('close', () => {
    ended = true;
    for (const resolve of waiting.values()) resolve(undefined);
  });
  return {
    ask: (request, signal) =>
      new Promise((resolve) => {
        asked += 1;
        const id = asked;
        const done = (answer?: CacheAnswer) => {
          signal.removeEventListener('abort', give);
          waiting.delete(id);
          resolve(answer);
        };
        const give = () => done();
        if (ended || signal.aborted) return resolve(undefined);
        waiting.set(id, done);
        signal.addEventListener('abort', give, { once: true });
        child.send({ ...request, id }, (error) => error !== null && done());
      }),
    stop: () => child.kill('SIGKILL'),
  };
}

function listen({ stdout, stderr }: ChildProcess, note: (text: string) => void): void {
  for (const stream of [stdout, stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      const trouble = clientTrouble(line);
      if (trouble !== undefined) note(trouble);
    });
  }
}

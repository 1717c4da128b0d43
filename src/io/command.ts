import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Command, CommandOptions, OutputStream } from '../core/command.ts';

/** Output kept of one command; a program that floods is cut, never this process's memory. Characters. */
const keep = 8 * 1024 * 1024;

/** The longest line handed on, the rest of it is dropped. Characters. */
const longestLine = 64 * 1024;

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;

/**
 * Runs a program without a shell, in a process group of its own, bounded in time.
 * `@actions/exec` can neither be bounded nor aborted (3.0.0: no timeout, no signal), and a `docker pull` that goes on
 * after a cancelled job would race with the teardown.
 */
export const runCommand: Command = (argv, options) =>
  new Promise((resolve, reject) => {
    const child = start(argv, options);
    if (child instanceof Error) {
      const nothing = { exitCode: undefined, stdout: '', timedOut: false, missing: false };
      return resolve({ command: argv, stderr: child.message, ...nothing });
    }
    let timedOut = false;
    let stopped = false;
    const stop = () => {
      stopped = true;
      killGroup(child.pid);
      // A grandchild outside the group may hold the pipes open, and would be waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const output = read(child, options, stop, () => stopped);
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeout);
    options.signal?.addEventListener('abort', stop, { once: true });
    if (options.signal?.aborted === true) stop();
    let failure = '';
    child.once('error', (error) => {
      failure = error.message;
    });
    child.once('close', async (code) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      const missing = failure !== '';
      const exitCode = missing ? undefined : (code ?? undefined);
      const { stdout, stderr, thrown } = await output();
      if (thrown !== undefined) return reject(thrown.error);
      resolve({ command: argv, exitCode, stdout, stderr: failure || stderr, timedOut, missing });
    });
  });

/** Some commands cannot even be tried: an argument with a NUL, or more of them than the kernel takes. */
function start(argv: Parameters<Command>[0], { env = {}, input }: CommandOptions): Child | Error {
  const [program, ...args] = argv;
  try {
    const common = { detached: true, env: { ...process.env, ...env } };
    if (input === undefined) return spawn(program, args, { ...common, stdio: ['ignore', 'pipe', 'pipe'] });
    const child = spawn(program, args, { ...common, stdio: ['pipe', 'pipe', 'pipe'] });
    // A program that does not read what it is given ends all the same.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return child;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly thrown?: { readonly error: unknown };
}

/** Keeps the output, or hands it on; what comes back gives all that was kept, once the program has ended. */
function read(
  child: Child,
  { onLine, onOutput }: CommandOptions,
  stop: () => void,
  stopped: () => boolean,
): () => Promise<Output> {
  if (onOutput === undefined) {
    const out = collect(child.stdout, onLine);
    const err = collect(child.stderr);
    return async () => ({ stdout: out(), stderr: err() });
  }
  const nothing = { stdout: '', stderr: '' };
  const handed = handOn(child, onOutput, stop, stopped).then(
    () => nothing,
    (error: unknown) => ({ ...nothing, thrown: { error } }),
  );
  return () => handed;
}

/** Hands on chunk after chunk of both streams; a stream that nobody reads from holds the program up. */
async function handOn(
  child: Child,
  onOutput: NonNullable<CommandOptions['onOutput']>,
  stop: () => void,
  stopped: () => boolean,
): Promise<void> {
  let turn = Promise.resolve();
  const pump = async (stream: Readable, name: OutputStream) => {
    try {
      for await (const chunk of stream) {
        turn = turn.then(() => (stopped() ? undefined : onOutput(chunk, name)));
        await turn;
      }
    } catch (error) {
      // A stream that was taken away from its reader complains of that.
      if (stopped()) return;
      stop();
      throw error;
    }
  };
  await Promise.all([pump(child.stdout, 'stdout'), pump(child.stderr, 'stderr')]);
}

function collect(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (onLine !== undefined) {
      const lines = (rest + chunk).split('\n');
      rest = (lines.pop() ?? '').slice(0, longestLine);
      for (const line of lines) onLine(line);
    } else if (text.length < keep) text += chunk;
  });
  return () => text;
}

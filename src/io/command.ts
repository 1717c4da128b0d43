import { spawn } from 'node:child_process';
import type { Command } from '../core/command.ts';

/** Output kept of one command; a program that floods is cut, never this process's memory. Characters. */
const keep = 8 * 1024 * 1024;

/** The longest line handed on, the rest of it is dropped. Characters. */
const longestLine = 64 * 1024;

/**
 * Runs a program without a shell, in a process group of its own, bounded in time.
 * `@actions/exec` can neither be bounded nor aborted (3.0.0: no timeout, no signal), and a `docker pull` that goes on
 * after a cancelled job would race with the teardown.
 */
export const runCommand: Command = (argv, options) =>
  new Promise((resolve) => {
    const child = start(argv, options.env);
    if (child instanceof Error) {
      const nothing = { exitCode: undefined, stdout: '', timedOut: false, missing: false };
      return resolve({ command: argv, stderr: child.message, ...nothing });
    }
    let timedOut = false;
    const out = collect(child.stdout, options.onLine);
    const err = collect(child.stderr);
    const stop = () => {
      killGroup(child.pid);
      // A grandchild outside the group may hold the pipes open, and would be waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    };
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
    child.once('close', (code) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', stop);
      const missing = failure !== '';
      const exitCode = missing ? undefined : (code ?? undefined);
      resolve({ command: argv, exitCode, stdout: out(), stderr: failure || err(), timedOut, missing });
    });
  });

/** Some commands cannot even be tried: an argument with a NUL, or more of them than the kernel takes. */
function start(argv: Parameters<Command>[0], env: Readonly<Record<string, string>> = {}) {
  const [program, ...args] = argv;
  try {
    return spawn(program, args, {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
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

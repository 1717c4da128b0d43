import { spawn } from 'node:child_process';
import type { Command } from '../core/command.ts';

/** Output kept of one command; a program that floods is cut, never this process's memory. Characters. */
const keep = 8 * 1024 * 1024;

/**
 * Runs a program without a shell, in a process group of its own, bounded in time.
 * `@actions/exec` can neither be bounded nor aborted (3.0.0: no timeout, no signal), and a `docker pull` that goes on
 * after a cancelled job would race with the teardown.
 */
export const runCommand: Command = (argv, options) =>
  new Promise((resolve) => {
    const [program, ...args] = argv;
    const env = { ...process.env, ...options.env };
    const child = spawn(program, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let timedOut = false;
    const out = collect(child.stdout, options.onLine);
    const err = collect(child.stderr);
    const stop = () => killGroup(child.pid);
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
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    } else if (text.length < keep) text += chunk;
  });
  return () => text;
}

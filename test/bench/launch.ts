import { spawn } from 'node:child_process';

export interface Launch {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** How the command ended: its exit code (undefined: by a signal), when by `performance.now()`, and its output. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly at: number;
  readonly output: string;
}

export interface Launched {
  /** Undefined when the program could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ended>;
  /** Asks the command to stop, kills it when it does not, and resolves once it is gone. */
  stop(): Promise<void>;
}

/** The action stops its own children when it is asked to; that takes it a moment. Milliseconds. */
const grace = 10_000;

/** Starts a command in a process group of its own, so that an interrupted benchmark ends it in its own way. */
export function launch({ command, env }: Launch): Launched {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let failure = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      output += chunk;
    });
  }
  child.once('error', (error) => {
    failure = error.message;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ exitCode: code ?? undefined, at: performance.now(), output: failure || output });
    });
  });
  const stop = async () => {
    signalGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), grace);
    await ended;
    clearTimeout(timer);
  };
  return { pid: child.pid, ended, stop };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

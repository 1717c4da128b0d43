import { once } from 'node:events';
import { type Child, type Launch, start } from './child.ts';
import type { Shell, StepBody } from './steps.ts';

/** What runs inside one step, and what can be done to it. */
export interface Execution {
  /** The exit code, nothing after a signal; rejects when a function throws. */
  readonly done: Promise<number | undefined>;
  cancel(): void;
  kill(whom: 'entry' | 'tree'): void;
}

export function executeProgram(argv: readonly string[], launch: Launch): Execution {
  const child = start(argv, launch);
  return { done: child.ended, cancel: child.cancel, kill: child.kill };
}

/** A function cannot be stopped: it is told by its signal, its programs are ended, and the step goes on without it. */
export function executeBody(
  body: StepBody,
  launch: Launch,
  place: Pick<Shell, 'workspace' | 'temp' | 'outputs'>,
): Execution {
  const children = new Set<Child>();
  const stopped = new AbortController();
  const shell: Shell = {
    ...place,
    env: launch.env,
    signal: stopped.signal,
    print: launch.onLine,
    exec: (argv, how = {}) => execute(argv, launch, children, stopped.signal, how.tolerate ?? false),
  };
  const finished = (async () => body(shell))().then(() => 0);
  finished.catch(() => undefined);
  const abandoned = once(stopped.signal, 'abort').then(async () => {
    await Promise.all([...children].map((child) => child.ended));
    throw new Error('The step was stopped.');
  });
  abandoned.catch(() => undefined);
  const stop = (act: (child: Child) => void): void => {
    for (const child of children) act(child);
    stopped.abort();
  };
  return {
    done: Promise.race([finished, abandoned]),
    cancel: () => stop((child) => child.cancel()),
    kill: (whom) => stop((child) => child.kill(whom)),
  };
}

async function execute(
  argv: readonly string[],
  launch: Launch,
  children: Set<Child>,
  stopped: AbortSignal,
  tolerate: boolean,
) {
  stopped.throwIfAborted();
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    launch.onLine(line);
  };
  const child = start(argv, { ...launch, onLine });
  children.add(child);
  const code = await child.ended.finally(() => children.delete(child));
  const output = lines.join('\n');
  if (code !== 0 && !tolerate) {
    throw new Error(`${argv.join(' ')}: exit code ${code ?? 'none'}\n${output.slice(-2000)}`);
  }
  return { code, output };
}

import { rmSync } from 'node:fs';
import { listTracked, signal } from './process-table.ts';

const running = new Map<string, string>();

/** When the tests' own process is ended in the middle of a job, the job's processes and folders go with it. */
export function underGuard(root: string, mark: string): () => void {
  if (running.size === 0) watchOver(process.once.bind(process));
  running.set(root, mark);
  return () => {
    running.delete(root);
    if (running.size === 0) watchOver(process.removeListener.bind(process));
  };
}

function watchOver(attend: (event: string, listener: () => void) => unknown): void {
  attend('exit', endAll);
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) attend(name, quit);
}

function quit(): void {
  process.exit(143);
}

function endAll(): void {
  for (const [root, mark] of running) {
    for (const { pid } of listTracked(mark)) signal(pid, 'SIGKILL');
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { listTracked, signal } from './process-table.ts';

/** As long as the kernel may take for a process that got SIGKILL. Milliseconds. */
const dyingMs = 250;

/** Ends the programs that have left their parents behind, found by the job's mark in their environment. Gives their names. */
export async function endOrphans(mark: string): Promise<string[]> {
  // A process that was killed a moment ago may still be on its way out, and is no orphan.
  if (listTracked(mark).length > 0) await sleep(dyingMs);
  const orphans = listTracked(mark);
  for (const { pid } of orphans) signal(pid, 'SIGKILL');
  while (listTracked(mark).length > 0) await sleep(10);
  return orphans.map(({ name }) => name);
}

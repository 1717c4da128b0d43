import { readFileSync } from 'node:fs';
import { listDescendants, listProcesses } from '../runner/process-table.ts';

/** The most memory that a program had at once, in bytes of resident pages. */
export interface Peak {
  /** Its own process. */
  own: number;
  /** Its process and all that it had started; pages that they share count for each. */
  tree: number;
}

/** Between two looks, in milliseconds. */
const rhythm = 100;
const pageBytes = 4096;

/** Watches a process until the function it returns is called. */
export function watchPeak(pid: number): () => Peak {
  const peak = { own: 0, tree: 0 };
  const look = (): void => {
    const own = resident(pid);
    const below = listDescendants(pid, listProcesses()).reduce((sum, each) => sum + resident(each.pid), 0);
    peak.own = Math.max(peak.own, own);
    peak.tree = Math.max(peak.tree, own + below);
  };
  const timer = setInterval(look, rhythm);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function resident(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
  } catch {
    return 0;
  }
}

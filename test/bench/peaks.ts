import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { listDescendants, listProcesses } from '../runner/process-table.ts';

/** The most memory that a program had at once, in bytes of resident pages. */
export interface Peak {
  /** Its own process. */
  own: number;
  /** The Node processes that it has started: of the action, its cache worker. */
  worker: number;
  /** All that it is and has started at one time, without the Docker CLI; pages that several share count for each. */
  together: number;
}

/** Between two looks, in milliseconds. */
const rhythm = 100;
const pageBytes = 4096;

/** The Docker CLI and its plug-in: what others run in the same way, and not made here. */
const dockerCli = ['docker', 'docker-compose'];

/** Watches a process until the function it returns is called. */
export function watchPeak(pid: number): () => Peak {
  const peak = { own: 0, worker: 0, together: 0 };
  const look = (): void => {
    const below = listDescendants(pid, listProcesses()).map((each) => ({
      program: programOf(each.pid),
      bytes: resident(each.pid),
    }));
    const own = resident(pid);
    const started = below.filter(({ program }) => !dockerCli.includes(basename(program)));
    const workers = started.filter(({ program }) => program === process.execPath);
    peak.own = Math.max(peak.own, own);
    peak.worker = Math.max(peak.worker, sum(workers));
    peak.together = Math.max(peak.together, own + sum(started));
  };
  const timer = setInterval(look, rhythm);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function sum(processes: readonly { readonly bytes: number }[]): number {
  return processes.reduce((total, { bytes }) => total + bytes, 0);
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

function resident(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
  } catch {
    return 0;
  }
}

import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { listDescendants, listProcesses } from '../runner/process-table.ts';

/** The most memory that a program had at once, in bytes of resident pages, and the CPU time that it used. */
export interface Peak {
  /** Its own process. */
  own: number;
  /** The Node processes that it has started: of the action, its cache worker. */
  worker: number;
  /** All that it is and has started at one time, without the Docker CLI; pages that several share count for each. */
  together: number;
  /** Seconds of all that `together` counts, up to the last look at each. */
  cpu: number;
}

/** Between two looks, in milliseconds. */
const rhythm = 100;
const pageBytes = 4096;

/** The Docker CLI and its plug-in: what others run in the same way, and not made here. */
const dockerCli = ['docker', 'docker-compose'];

/** Watches a process until the function it returns is called. */
export function watchPeak(pid: number): () => Peak {
  const peak = { own: 0, worker: 0, together: 0, cpu: 0 };
  const spent = new Map<number, number>();
  const look = (): void => {
    const below = listDescendants(pid, listProcesses()).map((each) => ({
      pid: each.pid,
      program: programOf(each.pid),
      bytes: resident(each.pid),
    }));
    const own = resident(pid);
    const started = below.filter(({ program }) => !dockerCli.includes(basename(program)));
    const workers = started.filter(({ program }) => program === process.execPath);
    for (const each of [pid, ...started.map((process) => process.pid)])
      spent.set(each, cpuOf(each) ?? spent.get(each) ?? 0);
    peak.cpu = [...spent.values()].reduce((total, seconds) => total + seconds, 0);
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

/** User and system time, in Linux's hundredths of a second; the name before it may hold anything, blanks too. */
function cpuOf(pid: number): number | undefined {
  try {
    const [, rest = ''] = /\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

function resident(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
  } catch {
    return 0;
  }
}

import { statfs } from 'node:fs/promises';
import { arch, cpus, release } from 'node:os';
import type { Command } from '../core/command.ts';
import { type Disk, type HostFacts, type KernelLog, outOfMemoryLine } from '../core/evidence/host.ts';
import type { Listener } from '../core/evidence/sockets.ts';

/** What the machine tells of itself. */
export interface Host {
  system(): Pick<HostFacts, 'kernel' | 'architecture' | 'cpus' | 'cpuModel'>;
  /** Undefined where there is no such folder. */
  disk(path: string): Promise<Disk | undefined>;
  outOfMemory(): Promise<KernelLog>;
  /** Everything that listens on TCP ports. */
  listeners(): Promise<readonly Listener[]>;
}

/** Lines of the kernel's log that are kept, the last ones. */
const kept = 200;

/** The kernel's log is read from its own buffer, or from the journal where only that may be read. */
const kernelLogs: readonly (readonly [string, ...string[]])[] = [
  ['dmesg', '--time-format=iso'],
  ['journalctl', '--dmesg', '--quiet', '--no-pager', '--output=short-iso'],
  ['dmesg'],
];

export function hostReader(run: Command): Omit<Host, 'listeners'> {
  return {
    system: () => {
      const all = cpus();
      const cpuModel = all[0]?.model.trim() ?? '';
      return { kernel: release(), architecture: arch(), cpus: all.length, cpuModel };
    },
    disk: async (path) => {
      try {
        const { bsize, blocks, bavail, files, ffree } = await statfs(path);
        const bytes = { totalBytes: blocks * bsize, availableBytes: bavail * bsize };
        return { path, ...bytes, totalFiles: files, availableFiles: ffree };
      } catch {
        return undefined;
      }
    },
    outOfMemory: () => readKernelLog(run),
  };
}

async function readKernelLog(run: Command): Promise<KernelLog> {
  const reasons: string[] = [];
  for (const argv of kernelLogs) {
    const lines: string[] = [];
    let all = 0;
    const onLine = (line: string) => {
      all += 1;
      if (outOfMemoryLine.test(line)) lines.push(line);
      if (lines.length > kept) lines.shift();
    };
    const { exitCode, stderr, timedOut } = await run(argv, { timeout: 10_000, onLine });
    if (exitCode === 0 && all > 0) return { lines };
    const said = timedOut ? 'no answer in time' : stderr.trim().split('\n')[0] || 'it is empty';
    reasons.push(`${argv[0]}: ${said}`);
  }
  return { lines: [], unreadable: [...new Set(reasons)].join('; ') };
}

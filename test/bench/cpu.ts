import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

export const cores = availableParallelism();

/** Linux counts CPU time in hundredths of a second for programs, whatever the kernel's own tick is. */
const ticks = 100;

/**
 * CPU seconds that all programs and the kernel on this machine have used since it started: user, nice, system and
 * interrupts, and neither idle time nor waiting for the disk nor what a hypervisor took away.
 */
export async function machineCpu(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, _idle, _wait, interrupts = 0, soft = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + soft) / ticks;
}

/** CPU seconds that this process has used: the prober, which is no part of what is measured. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

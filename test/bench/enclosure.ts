import { spawn } from 'node:child_process';
import { existsSync, globSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A place for engines that has nothing to do with the machine's own: namespaces for network, mounts and processes, /run of
 * its own, a control group, and a folder. All of it is gone when the program inside has ended, however that happened.
 */
export interface Enclosure {
  readonly folder: string;
  /** Runs a Node script inside, to its end; its standard input ends when it is to stop. Gives its exit code. */
  run(script: string, args: readonly string[], interrupted: AbortSignal): Promise<number>;
  remove(): void;
}

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'paklog-infra-action');
const folders = join(cache, 'bench-images');
const groupName = (pid: number | string): string => `paklog-bench-${pid}`;

/** The control group that counts CPU time: of its own (version 1), or the one for everything (version 2). */
const controllers = existsSync('/sys/fs/cgroup/cpuacct') ? '/sys/fs/cgroup/cpuacct' : '/sys/fs/cgroup';

/** What the benchmark has made is in this group, its containers in `containers` below it; relative to the controllers. */
export const group = (pid: number | string): string => `/${groupName(pid)}`;

/** Makes the place, after removing those of benchmarks that were killed. */
export async function enclosure(): Promise<Enclosure> {
  for (const pid of existsSync(folders) ? readdirSync(folders) : [])
    if (!existsSync(`/proc/${pid}`)) remove(pid);
  const folder = join(folders, String(process.pid));
  await mkdir(folder, { recursive: true });
  await mkdir(`${controllers}${group(process.pid)}/own`, { recursive: true });
  return { folder, run: enter, remove: () => remove(process.pid) };
}

/** The first process of a process namespace: it ends last, and takes everything in there with it. */
const first = `
echo 0 >"$0"
mount -t tmpfs tmpfs /run
ip link set lo up
"$@"
exit $?`;

function enter(script: string, args: readonly string[], interrupted: AbortSignal): Promise<number> {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const procs = `${controllers}${group(process.pid)}/own/cgroup.procs`;
  const command = ['bash', '-e', '-c', first, procs, process.execPath, script, ...args];
  const child = spawn('unshare', [...namespaces, ...command], { stdio: ['pipe', 'inherit', 'inherit'] });
  interrupted.addEventListener('abort', () => child.stdin.end(), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function remove(pid: number | string): void {
  rmSync(join(folders, String(pid)), { recursive: true, force: true, maxRetries: 5 });
  const groups = globSync([`/sys/fs/cgroup/${groupName(pid)}/`, `/sys/fs/cgroup/*/${groupName(pid)}/`]);
  for (const path of groups) removeGroup(path);
}

/** Control groups are folders that only go when they are empty of others. */
function removeGroup(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  rmdirSync(path);
}

/** The file in which the kernel counts the group's CPU time, and what of it. */
export function cpuFile(pid: number | string): string {
  const name = existsSync('/sys/fs/cgroup/cpuacct') ? 'cpuacct.usage' : 'cpu.stat';
  return `${controllers}${group(pid)}/${name}`;
}

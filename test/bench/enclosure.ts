import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inGroup, makeGroups, removeGroups } from './groups.ts';

/**
 * A place for engines that has nothing to do with the machine's own: namespaces for network, mounts and processes, /run of
 * its own, control groups, and a folder. All of it is gone when the program inside has ended, however that happened.
 */
export interface Enclosure {
  /** Names its control groups. */
  readonly id: string;
  readonly folder: string;
  /** Runs a Node script inside, to its end; its standard input ends when it is to stop. Gives its exit code. */
  run(script: string, args: readonly string[], interrupted: AbortSignal): Promise<number>;
  remove(): void;
}

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'paklog-infra-action');
const folders = join(cache, 'bench-images');

/** Makes the place, after removing those of benchmarks that were killed. */
export async function enclosure(weight: number): Promise<Enclosure> {
  const stale = existsSync(folders) ? readdirSync(folders).filter((pid) => !existsSync(`/proc/${pid}`)) : [];
  for (const pid of stale) remove(pid);
  const id = String(process.pid);
  const folder = join(folders, id);
  await mkdir(folder, { recursive: true });
  makeGroups(id, weight);
  return {
    id,
    folder,
    run: (script, args, interrupted) => enter(id, [process.execPath, script, ...args], interrupted),
    remove: () => remove(id),
  };
}

/** The first process of a process namespace: it ends last, and takes everything in there with it. */
const first = `
mount -t tmpfs tmpfs /run
ip link set lo up
"$@"
exit $?`;

function enter(id: string, command: readonly string[], interrupted: AbortSignal): Promise<number> {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const shell = ['bash', '-e', '-c', first, 'bash', ...command];
  const [program, ...args] = inGroup(id, 'bench', ['unshare', ...namespaces, ...shell]);
  const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] });
  interrupted.addEventListener('abort', () => child.stdin.end(), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function remove(id: string): void {
  rmSync(join(folders, id), { recursive: true, force: true, maxRetries: 5 });
  removeGroups(id);
}

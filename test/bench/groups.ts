import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Control groups, laid out as systemd lays them out on a runner: the command, the engine, and every container have the same
 * right to the CPU. `bench` is for what stands for other machines: the prober, the registry, the cache service.
 */
export type GroupName = 'command' | 'engine' | 'bench';

const names: readonly GroupName[] = ['command', 'engine', 'bench'];
const root = '/sys/fs/cgroup';

/** Version 1 has a tree for each controller, version 2 one for all. */
const version1 = existsSync(`${root}/cpuacct`);
const trees = version1
  ? [...new Set([`${root}/cpu`, `${root}/cpuacct`].map((tree) => realpathSync(tree)))]
  : [root];

/** The parent of all groups of a benchmark, as dockerd's `cgroup-parent` has it. */
export const parentGroup = (id: string): string => `/paklog-bench-${id}`;

/**
 * Makes the groups. `weight` is what they all together count for against any one busy program elsewhere on the machine:
 * only then does it matter.
 */
export function makeGroups(id: string, weight: number): void {
  for (const tree of trees) {
    const parent = `${tree}${parentGroup(id)}`;
    for (const name of names) mkdirSync(join(parent, name), { recursive: true });
    const [file, unit, most] = version1 ? ['cpu.shares', 1024, 262_144] : ['cpu.weight', 100, 10_000];
    if (existsSync(join(parent, file)))
      writeFileSync(join(parent, file), String(Math.min(weight * unit, most)));
  }
}

/** The command line that runs a command in a group, with all that it starts. Bash, since dash drops variables such as `INPUT_PROJECT-NAME`. */
export function inGroup(id: string, name: GroupName, command: readonly string[]): [string, ...string[]] {
  const files = trees.map((tree) => `${tree}${parentGroup(id)}/${name}/cgroup.procs`);
  return ['bash', '-c', 'for file in $0; do echo 0 >"$file"; done; exec "$@"', files.join(' '), ...command];
}

/** CPU seconds that all groups but `bench` have used so far, containers that are gone among them. */
export function measuredCpu(id: string): number {
  return cpuOf(parentGroup(id)) - cpuOf(`${parentGroup(id)}/bench`);
}

/** CPU seconds of all groups. */
export function groupsCpu(id: string): number {
  return cpuOf(parentGroup(id));
}

function cpuOf(group: string): number {
  if (version1) return Number(readFileSync(`${root}/cpuacct${group}/cpuacct.usage`, 'utf8')) / 1e9;
  const text = readFileSync(`${root}${group}/cpu.stat`, 'utf8');
  return Number(/^usage_usec (\d+)/.exec(text)?.[1]) / 1e6;
}

/** Removes the groups of a benchmark whose programs have all ended, and those that its containers had in every tree. */
export function removeGroups(id: string): void {
  for (const tree of ['.', ...readdirSync(root)]) {
    const parent = join(root, tree, parentGroup(id));
    if (existsSync(parent)) removeGroup(parent);
  }
}

/** A group is a folder that only goes when no other is in it. */
function removeGroup(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(join(path, entry.name));
  rmdirSync(path);
}

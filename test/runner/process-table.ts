import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** Every process of this machine that is not a zombie. */
export function listProcesses(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((pid) => {
    const stat = /^\d+$/.test(pid) ? readOr(`/proc/${pid}/stat`) : '';
    const [, name, state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(stat) ?? [];
    if (name === undefined || state === 'Z' || state === 'X') return [];
    return [{ pid: Number(pid), parent: Number(parent), name }];
  });
}

export function listDescendants(root: number, table = listProcesses()): ProcessEntry[] {
  const children = table.filter((entry) => entry.parent === root);
  return children.flatMap((child) => [child, ...listDescendants(child.pid, table)]);
}

/** The processes a job has started, found as the runner finds them: by what it put into their environment. */
export function listTracked(mark: string): ProcessEntry[] {
  return listProcesses().filter(
    ({ pid }) => pid !== process.pid && readOr(`/proc/${pid}/environ`).includes(`${trackingName}=${mark}`),
  );
}

export const trackingName = 'RUNNER_TRACKING_ID';

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended in the meantime.
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

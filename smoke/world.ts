import { runCommand } from '../src/io/command.ts';
import type { Runner } from '../src/io/runner.ts';
import { containersOf, type FoundContainer, findContainers } from './clients/containers.ts';
import { type Files, files } from './clients/files.ts';
import type { Containers } from './core/check.ts';

/** Everything outside this process but the systems themselves. */
export interface World {
  readonly runner: Pick<Runner, 'input' | 'output' | 'info' | 'fail' | 'summary'>;
  readonly files: Files;
  findContainers(project: string): Promise<readonly FoundContainer[]>;
  containersOf(found: readonly FoundContainer[], project: string, id: string): Containers;
  /** Lower-case letters and digits, others every time. */
  salt(): string;
  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
}

export function realWorld(runner: World['runner']): World {
  return {
    runner,
    files,
    findContainers: (project) => findContainers(project, runCommand),
    containersOf: (found, project, id) => containersOf(found, project, id, runCommand),
    salt: () => `s${crypto.randomUUID().slice(0, 7)}`,
    now: () => performance.now(),
    date: () => Date.now(),
  };
}

import type { Command, CommandResult } from '../core/command.ts';

/** `docker compose`: resolves files to one model, creates what the model names, and takes a project down. */
export interface Compose {
  version(): Promise<CommandResult>;
  /** The normalised model as JSON on stdout. */
  config(files: readonly string[], options: ConfigOptions): Promise<CommandResult>;
  /** Creates networks, volumes and containers of these services alone (`compose create` would add what they depend on). */
  create(
    project: string,
    modelFile: string,
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<CommandResult>;
  /** Stops and removes containers, networks and volumes of the project. */
  down(project: string): Promise<CommandResult>;
}

export interface ConfigOptions {
  readonly project: string;
  /** What relative paths in the files are relative to; default: the first file's folder. */
  readonly directory?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Compose reads files and asks no registry for these: seconds, not minutes. Milliseconds. */
const quick = 30_000;

/** Seconds a container has to stop by itself; one that ignores SIGTERM must not hold the job. */
const stopSeconds = '5';

export function composeCli(run: Command): Compose {
  return {
    version: () => run(['docker', 'compose', 'version', '--short'], { timeout: quick }),
    config: (files, { project, directory, env }) => {
      const where = directory === undefined ? [] : ['--project-directory', directory];
      const named = files.flatMap((file) => ['--file', file]);
      return run(
        ['docker', 'compose', '--project-name', project, ...where, ...named, 'config', '--format', 'json'],
        { timeout: quick, env },
      );
    },
    create: (project, modelFile, services, signal) =>
      run(
        [
          'docker',
          'compose',
          '--progress',
          'quiet',
          '--project-name',
          project,
          '--file',
          modelFile,
          'up',
          '--no-start',
          '--no-deps',
          '--',
          ...services,
        ],
        {
          timeout: 600_000,
          signal,
        },
      ),
    down: (project) =>
      run(
        [
          'docker',
          'compose',
          '--progress',
          'quiet',
          '--project-name',
          project,
          'down',
          '--volumes',
          '--remove-orphans',
          '--timeout',
          stopSeconds,
        ],
        { timeout: 90_000 },
      ),
  };
}

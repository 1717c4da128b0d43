import type { Command, CommandOptions, CommandResult } from '../core/command.ts';

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
  /** Runs one more container of a service until it ends, with other values for some variables; nothing of it is left. */
  run(
    project: string,
    modelFile: string,
    service: string,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<CommandResult>;
  /** Builds the images of these services, named as the model says. */
  build(
    project: string,
    modelFile: string,
    services: readonly string[],
    options: UpOptions,
  ): Promise<CommandResult>;
  /** Pushes the images of these services to the registry in their names. */
  push(
    project: string,
    modelFile: string,
    services: readonly string[],
    signal: AbortSignal,
  ): Promise<CommandResult>;
  /** Makes the project what the model says: what has not changed keeps running, what is not in it any more goes. Builds nothing. */
  up(project: string, modelFile: string, options: UpOptions): Promise<CommandResult>;
  /** Stops and removes containers, networks and volumes of the project. */
  down(project: string): Promise<CommandResult>;
}

export interface UpOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
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

/** Builds of a caller's images are part of creating. Milliseconds. */
const createTime = 600_000;
/** Builds, pushes and whole starts are bounded by their caller's own deadline. Milliseconds. */
const buildTime = 6 * 3_600_000;
/** A container that is to end by itself. Milliseconds. */
const runTime = 90_000;
/** Stops of several containers, one after another along their dependencies. Milliseconds. */
const downTime = 90_000;

export function composeCli(run: Command): Compose {
  const compose = (project: string, args: readonly string[], options: CommandOptions) =>
    run(['docker', 'compose', '--project-name', project, ...args], options);
  return {
    version: () => run(['docker', 'compose', 'version', '--short'], { timeout: quick }),
    config: (files, { project, directory, env }) => {
      const where = directory === undefined ? [] : ['--project-directory', directory];
      const named = files.flatMap((file) => ['--file', file]);
      return compose(project, [...where, ...named, 'config', '--format', 'json'], { timeout: quick, env });
    },
    create: (project, modelFile, services, signal) => {
      const action = ['up', '--no-start', '--no-deps', '--', ...services];
      const args = ['--progress', 'quiet', '--file', modelFile, ...action];
      return compose(project, args, { timeout: createTime, signal });
    },
    run: (project, modelFile, service, env, signal) => {
      const set = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
      const action = ['run', '--rm', '--no-deps', '-T', ...set, '--', service];
      return compose(project, ['--progress', 'quiet', '--file', modelFile, ...action], {
        timeout: runTime,
        signal,
      });
    },
    build: (project, modelFile, services, options) => {
      const args = ['--progress', 'plain', '--file', modelFile, 'build', '--', ...services];
      return compose(project, args, { timeout: buildTime, ...options });
    },
    push: (project, modelFile, services, signal) => {
      const args = ['--progress', 'quiet', '--file', modelFile, 'push', '--quiet', '--', ...services];
      return compose(project, args, { timeout: buildTime, signal });
    },
    up: (project, modelFile, options) => {
      const action = ['up', '--detach', '--no-build', '--remove-orphans', '--timeout', stopSeconds];
      const args = ['--progress', 'quiet', '--file', modelFile, ...action];
      return compose(project, args, { timeout: buildTime, ...options });
    },
    down: (project) => {
      const action = ['down', '--volumes', '--remove-orphans', '--timeout', stopSeconds];
      return compose(project, ['--progress', 'quiet', ...action], { timeout: downTime });
    },
  };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import { runCommand } from '../../src/io/command.ts';
import { composeCli } from '../../src/io/compose.ts';
import { dockerCli } from '../../src/io/docker.ts';
import { leaksOf } from '../runner/leaks.ts';
import { type Caller, uniqueName } from '../scenarios/caller-stack.ts';

export const docker = dockerCli(runCommand);
export const compose = composeCli(runCommand);

/** A Compose project on the real engine; taken down, and nothing of it left, when it goes out of scope. */
export interface Project extends AsyncDisposable {
  readonly name: string;
  readonly ended: AbortSignal;
  /** Writes a file into the project's folder and returns its path. */
  write(file: string, content: object): Promise<string>;
  /** The model of these files as Compose resolves them. */
  model(...contents: readonly object[]): Promise<Caller>;
  /** Creates containers of these services from the model, as the action does. */
  create(model: object, services: readonly string[]): Promise<void>;
  /** Creates and starts, and returns the containers' IDs by service. */
  start(model: object, services: readonly string[]): Promise<ReadonlyMap<string, string>>;
  ids(): Promise<ReadonlyMap<string, string>>;
}

export async function newProject(): Promise<Project> {
  const leaks = await leaksOf();
  const name = uniqueName();
  const folder = await mkdtemp(join(tmpdir(), 'contract-'));
  const ended = new AbortController();
  const write = async (file: string, content: object) => {
    await writeFile(join(folder, file), JSON.stringify(content));
    return join(folder, file);
  };
  const create = async (model: object, services: readonly string[]) => {
    succeed(await compose.create(name, await write('model.json', model), services, ended.signal));
  };
  const ids = async () =>
    new Map((await docker.containers(name)).map(({ id, service }) => [service, id] as const));
  return {
    name,
    ended: ended.signal,
    write,
    ids,
    create,
    model: async (...contents) => {
      const files = await Promise.all(contents.map((each, index) => write(`${index}.yaml`, each)));
      const resolved = await compose.config(files, { project: name, env: {} });
      return JSON.parse(succeed(resolved).join('\n'));
    },
    start: async (model, services) => {
      await create(model, services);
      const created = await ids();
      succeed(await docker.start([...created.values()], ended.signal));
      return created;
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      succeed(await compose.down(name));
      await rm(folder, { recursive: true });
      expect(await leaks()).toEqual([]);
    },
  };
}

/** The lines of a command that must have succeeded. */
export function succeed(result: CommandResult): readonly string[] {
  expect(result, result.stderr).toMatchObject({ exitCode: 0, timedOut: false, missing: false });
  return result.stdout.split('\n').filter((line) => line !== '');
}

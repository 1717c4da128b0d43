import { join } from 'node:path';
import type { ImageOrigin } from '../../src/core/images/image-record.ts';
import { actionMain, actionPost } from './action-launch.ts';
import { type Arm, composeUp } from './arms.ts';
import type { ArmName, Options } from './options.ts';
import { writeOriginal } from './original.ts';
import { requireOrigins } from './proof.ts';
import type { Servers } from './servers.ts';
import { composeEnv, type Stack } from './stack.ts';

/** What the arms need of their surroundings. */
export interface Surroundings {
  readonly stack: Stack;
  readonly servers: Servers;
  readonly options: Options;
  /** A folder for the whole benchmark. */
  readonly folder: string;
}

/** Repositories of the cache service. */
export const repositories = { cold: 'cold', warm: 'warm', archives: 'archives', archive: 'archive' } as const;

export type ImageArm = Arm & { readonly name: ArmName };

/** The arm, at a speed in MB/s. The cache that it uses is opened before, except that of `cold`: it begins without one. */
export function imageArm(name: ArmName, speed: number, around: Surroundings): ImageArm {
  const { stack } = around;
  const services = [...stack.model.services.keys()];
  const plain = { name, services, mayFail: false };
  const compose = {
    ...plain,
    title: 'docker compose up -d --wait, same file',
    prepare: async () => composeUp(stack.file),
  };
  const original = {
    ...plain,
    mayFail: true,
    title: 'the same with the original settings',
    prepare: async (folder: string) => composeUp(await writeOriginal(stack, folder)),
  };
  const ours = (repository: string, cache: string, origins: readonly ImageOrigin[]) => ({
    ...builtAction(plain, repository, cache, speed, around),
    proof: (folder: string) => requireOrigins(folder, origins, stack),
  });
  const arms: Readonly<Record<ArmName, () => ImageArm>> = {
    compose: () => compose,
    original: () => original,
    cold: () => ({
      ...ours(repositories.cold, 'on', ['registry']),
      title: 'the built action, nothing in the cache',
    }),
    warm: () => ({
      ...ours(repositories.warm, 'auto', ['cache', 'registry']),
      title: 'the built action, what it keeps is in the cache',
    }),
    'save-load': () => ({
      ...plain,
      title: 'docker load from the cache, then compose',
      prepare: () => saveLoad('load', around),
    }),
    'compose-local': () => ({ ...compose, title: `${compose.title}, images local` }),
    'original-local': () => ({ ...original, title: `${original.title}, images local` }),
    'warm-start': () => ({
      ...ours(repositories.archives, 'auto', ['local']),
      title: 'the built action, images local',
    }),
    'off-local': () => ({
      ...ours(repositories.cold, 'off', ['local']),
      title: 'the same with `cache: off`',
    }),
  };
  return arms[name]();
}

function builtAction(
  plain: Omit<ImageArm, 'title' | 'prepare'>,
  repository: string,
  cache: string,
  speed: number,
  { servers, options }: Surroundings,
): Omit<ImageArm, 'title'> {
  const inputs = { services: 'all', cache };
  let env: Readonly<Record<string, string>> = {};
  return {
    ...plain,
    prepare: async (folder) => {
      ({ env } = await servers.cache.ask(
        repository === repositories.cold
          ? { open: repository, bytesPerSecond: speed * 1e6 }
          : { use: repository },
      ));
      return actionMain(options.action, folder, inputs, env);
    },
    post: (folder) => actionPost(options.action, folder, inputs, env),
  };
}

/** The way that is common today, see `save-load.ts`: `load` is measured, `save` has filled the cache before. */
export async function saveLoad(what: 'save' | 'load', { servers, stack, folder }: Surroundings) {
  const { env } = await servers.cache.ask({ use: repositories.archive });
  const script = join(import.meta.dirname, 'save-load.ts');
  const up = composeUp(stack.file).command;
  const command = [
    process.execPath,
    script,
    what,
    join(folder, 'images.tar'),
    ...(what === 'load' ? up : []),
  ] as const;
  return { command: command as readonly [string, ...string[]], env: { ...composeEnv, ...env } };
}

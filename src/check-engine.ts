import { explain } from './core/causes/explain.ts';
import { UserError } from './core/errors.ts';
import type { EngineRecord } from './core/record.ts';
import type { World } from './world.ts';

/** Engine API 1.43 is Docker 24; Compose 2.20 is the first whose `config` and `up --no-start` behave as used here. */
const leastApi = [1, 43] as const;
const leastCompose = [2, 20] as const;

/** @throws UserError when no usable engine and Compose are there. */
export async function checkEngine(world: World): Promise<EngineRecord> {
  const [engine, compose] = await Promise.all([world.docker.version(), world.compose.version()]);
  if (engine.exitCode !== 0) throw new UserError(explain(engine));
  const [version = '', api = '', architecture = ''] = engine.stdout.trim().split(' ');
  if (compose.exitCode !== 0) {
    throw new UserError({
      code: 'COMPOSE_MISSING',
      what: 'Docker has no `compose` command.',
      why: 'The Compose plugin is not installed; the old `docker-compose` program is no longer maintained.',
      advice: `Install the Compose plugin, ${leastCompose.join('.')} or later.`,
    });
  }
  const composeVersion = compose.stdout.trim();
  if (!atLeast(api, leastApi) || !atLeast(composeVersion, leastCompose)) {
    throw new UserError({
      code: 'DOCKER_INCOMPATIBLE',
      what: `Docker Engine API ${api} with Compose ${composeVersion} is too old.`,
      why: `API ${leastApi.join('.')} and Compose ${leastCompose.join('.')} are the least that works.`,
      advice: 'Update Docker, or use a runner with a newer one.',
    });
  }
  world.runner.info(`Docker Engine ${version} (API ${api}, ${architecture}), Compose ${composeVersion}`);
  return { version, api, architecture, compose: composeVersion };
}

function atLeast(version: string, least: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

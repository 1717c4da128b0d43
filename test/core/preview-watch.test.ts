import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Observation } from '../../src/core/readiness.ts';
import { untilStackWorks } from '../../src/preview/until-stack-works.ts';
import { untilWorks } from '../../src/preview/until-works.ts';
import type { World } from '../../src/world.ts';
import { fine } from '../fakes/command.ts';
import { fakeWorld } from '../fakes/world.ts';

const never = new AbortController().signal;

/** A container as `docker inspect` tells it. */
function seen(id: string, service: string, more: Partial<Observation> = {}): Observation {
  return { id, service, status: 'running', exitCode: 0, oomKilled: false, restarts: 0, ...more };
}

/** A world whose engine shows one picture after another, the last one for good. */
function worldOf(pictures: readonly (readonly Observation[])[]): World {
  const { world } = fakeWorld({});
  let at = -1;
  const now = () => pictures[Math.min(at, pictures.length - 1)] ?? [];
  const docker: World['docker'] = {
    ...world.docker,
    containers: async () => {
      at += 1;
      return now().map(({ id, service }) => ({ id, service }));
    },
    inspect: async () => {
      const lines = now().map((each) => JSON.stringify({ health: null, ...each }));
      return { ...fine, stdout: lines.join('\n') };
    },
  };
  return { ...world, docker };
}

const rendered: Json = {
  services: {
    web: { depends_on: { seed: { condition: 'service_completed_successfully' } } },
    seed: {},
  },
};
const bringing = { project: 'p', rendered, done: Promise.resolve(fine), signal: never, timeout: 60_000 };
const ended = seen('s', 'seed', { status: 'exited' });

describe('a preview on an engine', () => {
  test('works when what runs is healthy, and what ends by itself has ended well', async () => {
    const starting = seen('w', 'web', { health: 'starting' });
    const healthy = seen('w', 'web', { health: 'healthy' });
    await untilWorks(bringing, [], worldOf([[starting], [starting, ended], [healthy, ended]]));
  });

  test.each([
    ['exits', { status: 'exited', exitCode: 3 }, 'SERVICE_EXITED'],
    ['runs out of memory', { status: 'exited', exitCode: 137, oomKilled: true }, 'SERVICE_OOM'],
    ['crashes again and again', { restarts: 3 }, 'SERVICE_CRASH_LOOP'],
    ['is unhealthy', { health: 'unhealthy' }, 'SERVICE_UNHEALTHY'],
  ])('fails at once when a container %s, though Compose still waits', async (_, more, code) => {
    const waiting = { ...bringing, done: new Promise<typeof fine>(() => {}) };
    const failing = untilWorks(waiting, [], worldOf([[], [seen('w', 'web', more)]]));
    await expect(failing).rejects.toMatchObject({ failure: { code, system: 'web' } });
  });

  test('is not held to containers that are replaced, nor to restarts of earlier days', async () => {
    const old = seen('old', 'web');
    const stopped = seen('old', 'web', { status: 'exited', exitCode: 137 });
    const kept = seen('k', 'seed', { restarts: 7 });
    const done = new Promise<typeof fine>((resolve) => setTimeout(() => resolve(fine), 20));
    const json = { services: { web: {}, seed: {} } };
    const world = worldOf([
      [stopped, kept],
      [stopped, kept],
      [seen('new', 'web'), kept],
    ]);
    await untilWorks({ ...bringing, rendered: json, done }, [old, kept], world);
  });

  test('fails with what Compose says where no container tells more', async () => {
    const refused = {
      ...fine,
      exitCode: 1,
      stderr: 'Bind for 0.0.0.0:20001 failed: port is already allocated',
    };
    const failing = untilWorks({ ...bringing, done: Promise.resolve(refused) }, [], worldOf([[]]));
    await expect(failing).rejects.toMatchObject({ failure: { code: 'PORT_TAKEN' } });
  });

  test('names what it waited for when the time is up', async () => {
    const late = AbortSignal.abort();
    const starting = seen('w', 'web', { health: 'starting' });
    const failing = untilWorks({ ...bringing, signal: late }, [], worldOf([[starting, ended]]));
    await expect(failing).rejects.toMatchObject({ failure: { code: 'NOT_READY', system: 'web' } });
  });
});

describe('a preview on a Swarm', () => {
  const services = ['web', 'seed'].map((name) => ({
    ID: name,
    Spec: { Name: `p_${name}`, Mode: { Replicated: { Replicas: 1 } }, TaskTemplate: { ContainerSpec: {} } },
  }));
  const task = (id: string, service: string, State: string) => ({
    ...{ ID: id, ServiceID: service, Spec: { ContainerSpec: {} }, DesiredState: 'running' },
    Status: { State, ContainerStatus: { ExitCode: 1 } },
  });
  const json: Json = {
    services: { web: { depends_on: { seed: { condition: 'service_healthy' } } }, seed: {} },
  };
  const stacked = { project: 'p', rendered: json, signal: never, timeout: 60_000 };

  function swarmOf(pictures: readonly (readonly Json[])[]): World {
    const { world } = fakeWorld({});
    let at = 0;
    const tasks = async () => pictures[Math.min(at++, pictures.length - 1)] ?? [];
    return { ...world, swarm: { ...world.swarm, services: async () => services, tasks } };
  }
  const up = [task('w9', 'web', 'running'), task('s1', 'seed', 'running')];

  test('forgives what ends before its dependencies work, and once after that', async () => {
    const early = [task('w1', 'web', 'failed'), task('w2', 'web', 'failed'), task('s1', 'seed', 'starting')];
    const once = [...early.slice(0, 2), task('w3', 'web', 'failed'), task('s1', 'seed', 'running')];
    await untilStackWorks(stacked, new Set(), swarmOf([early, once, [...once, ...up]]));
  });

  test('fails with the second end after that', async () => {
    const ready = [task('w1', 'web', 'failed'), task('s1', 'seed', 'running')];
    const failing = untilStackWorks(
      stacked,
      new Set(),
      swarmOf([ready, [...ready, task('w2', 'web', 'failed')]]),
    );
    await expect(failing).rejects.toMatchObject({ failure: { code: 'SERVICE_EXITED', system: 'web' } });
  });

  test('fails with the first end of what depends on nothing, and not with those of earlier days', async () => {
    const tasks = [task('s0', 'seed', 'failed'), task('w9', 'web', 'running')];
    const failing = untilStackWorks(stacked, new Set(), swarmOf([tasks]));
    await expect(failing).rejects.toMatchObject({ failure: { system: 'seed' } });
    await untilStackWorks(stacked, new Set(['s0']), swarmOf([[...tasks, ...up]]));
  });

  test('says what Swarm waits for when the time is up', async () => {
    const pending = {
      ...task('w1', 'web', 'pending'),
      Status: { State: 'pending', Err: 'no suitable node' },
    };
    const failing = untilStackWorks(
      { ...stacked, signal: AbortSignal.abort() },
      new Set(),
      swarmOf([[pending]]),
    );
    await expect(failing).rejects.toMatchObject({
      failure: { code: 'NOT_READY', why: expect.stringContaining('no suitable node') },
    });
  });
});

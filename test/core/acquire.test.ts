import { expect, test } from 'vitest';
import { acquirer } from '../../src/acquire.ts';
import type { CommandResult } from '../../src/core/command.ts';
import type { Plan, SystemPlan } from '../../src/core/plan.ts';
import { puller } from '../../src/pull.ts';
import type { Watch } from '../../src/watch.ts';
import { realWorld, type World } from '../../src/world.ts';
import { fine } from '../fakes/command.ts';

function system(service: string, after: SystemPlan['after'] = []): SystemPlan {
  const image = `${service}:1`;
  return {
    service,
    title: service,
    image,
    because: '',
    after,
    judge: 'running',
    checks: [],
    rank: 0,
    commands: [],
    sends: [],
  };
}

/** A world in which pulls end when they are told to, and creations are written down. */
function slowWorld() {
  const pulls = new Map<string, PromiseWithResolvers<CommandResult>>();
  const pullOf = (image: string) => {
    const pull = pulls.get(image) ?? Promise.withResolvers<CommandResult>();
    pulls.set(image, pull);
    return pull;
  };
  const created: (readonly string[])[] = [];
  const real = realWorld('');
  const world: World = {
    ...real,
    runner: { ...real.runner, info: () => {} },
    docker: {
      ...real.docker,
      pull: (image) => pullOf(image).promise,
    },
    compose: {
      ...real.compose,
      create: async (_project, _file, services) => {
        created.push(services);
        return fine;
      },
    },
  };
  return { world, created, finish: (image: string) => pullOf(image).resolve(fine) };
}

function acquire(systems: readonly SystemPlan[], world: World): readonly Promise<void>[] {
  const pulls = systems.map(({ image, service }) => ({ image, services: [service] }));
  const plan: Plan = { project: 'p', systems, pulls, present: [], builds: [] };
  const watch = { discover: async () => {} } as Watch;
  const { signal } = new AbortController();
  const limits = { signal, deadline: Infinity };
  const acquired = acquirer(plan, 'model.json', watch, world, puller(world, limits), signal);
  return systems.map(({ service }) => acquired(service));
}

test('a service is created as soon as its own image is there', async () => {
  const { world, created, finish } = slowWorld();
  const healthy = [{ service: 'base', condition: 'works', required: true }] as const;
  const [, top] = acquire([system('base'), system('top', healthy)], world);
  finish('top:1');
  await top;
  expect(created).toEqual([['top']]);
});

test('a service that may join one it depends on is not created before that one', async () => {
  const { world, created, finish } = slowWorld();
  const started = (service: string) => [{ service, condition: 'started', required: true }] as const;
  const stack = [system('base'), system('middle', started('base')), system('sidecar', started('middle'))];
  const acquired = acquire([...stack, system('beside')], world);
  finish('sidecar:1');
  finish('middle:1');
  finish('beside:1');
  await acquired[3];
  expect(created).toEqual([['beside']]);
  finish('base:1');
  await Promise.all(acquired);
  expect(created.flat().indexOf('base')).toBeLessThanOrEqual(created.flat().indexOf('sidecar'));
  expect(created.slice(1).flat().sort()).toEqual(['base', 'middle', 'sidecar']);
  expect(created).toHaveLength(2);
});

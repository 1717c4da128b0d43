import { describe, expect, test } from 'vitest';
import { encodeState } from '../../src/core/state.ts';
import { finish } from '../../src/finish.ts';
import type { Leftover, Scene } from '../fakes/scene.ts';
import { fakeWorld } from '../fakes/world.ts';

const logs = { when: 'never', artifact: 'logs', include: [] } as const;
const state = encodeState({ project: 'p', directory: '/tmp/p', teardown: 'always', logs });

async function runFinish(scene: Scene) {
  const { world, seen, artifacts } = fakeWorld({ state, ...scene });
  await finish(world, artifacts);
  expect(seen.annotations).toEqual([]);
  return seen;
}

const container: Leftover = { kind: 'container', id: 'c1' };
const network: Leftover = { kind: 'network', id: 'n1' };
const volume: Leftover = { kind: 'volume', id: 'v1' };

describe('a project', () => {
  test('that Compose takes down whole needs nothing else', async () => {
    const seen = await runFinish({ leftovers: [container, network, volume] });
    expect(seen.effects).toEqual(['down p', 'remove /tmp/p', 'remove /tmp/p.cache']);
    expect([seen.infos, seen.warnings]).toEqual([
      ['Project p is down; no container, network or volume is left.'],
      [],
    ]);
  });

  test('of which Compose leaves something is swept, containers first', async () => {
    const clings = true;
    const leftovers = [
      { ...network, clings },
      { ...volume, clings },
      { ...container, clings },
    ];
    const seen = await runFinish({ leftovers });
    expect(seen.effects).toEqual([
      'down p',
      'remove container c1',
      'remove network n1',
      'remove volume v1',
      'remove /tmp/p',
      'remove /tmp/p.cache',
    ]);
    expect(seen.warnings).toEqual([]);
  });

  test('of which something cannot be removed is a warning that says how, after three sweeps', async () => {
    const seen = await runFinish({
      leftovers: [container, { ...network, stuck: true }, { ...volume, stuck: true }],
    });
    expect(seen.effects.filter((effect) => effect === 'remove network n1')).toHaveLength(3);
    expect(seen.effects).not.toContain('remove /tmp/p');
    expect(seen.warnings).toEqual([
      'Project p could not be taken down whole; left: 1 network(s), 1 volume(s). Remove it with `docker compose -p p down --volumes`.',
    ]);
    expect(seen.infos).toEqual([]);
  });
});

describe('nothing turns a green job red', () => {
  test('an engine that does not answer: nobody knows what is left', async () => {
    const seen = await runFinish({
      engineSays: 'Cannot connect to the Docker daemon',
      leftovers: [container],
    });
    expect(seen.warnings).toEqual([
      'Docker does not answer, so nobody knows what is left of project p. Remove it with `docker compose -p p down --volumes`.',
    ]);
    expect(seen.infos).toEqual([]);
  });

  test('no docker at all', async () => {
    const seen = await runFinish({ noDocker: true });
    expect(seen.infos).toEqual(['There is no `docker` here, so nothing can have been started.']);
    expect(seen.warnings).toEqual([]);
  });

  test('a folder that cannot be removed', async () => {
    const seen = await runFinish({ stuckFolder: true, leftovers: [container] });
    expect(seen.effects).toEqual(['down p']);
    // That of the run, and that of its images.
    expect(seen.warnings.map((warning) => warning.includes('EACCES'))).toEqual([true, true]);
  });
});

describe('without a project to take down', () => {
  test('nothing was started', async () => {
    const seen = await runFinish({ state: '', leftovers: [container] });
    expect([seen.effects, seen.warnings]).toEqual([[], []]);
    expect(seen.infos).toEqual(['Nothing was started, nothing to take down.']);
  });

  test.each(['{"version":2,', '{"version":99}', '{"version":2,"project":"--all","directory":"/"}', 'null'])(
    'a damaged state is a warning, and touches nothing: %s',
    async (damaged) => {
      const seen = await runFinish({ state: damaged, leftovers: [container] });
      expect([seen.effects, seen.infos]).toEqual([[], []]);
      expect(seen.warnings).toHaveLength(1);
    },
  );

  test('a project that is to stay stays', async () => {
    const kept = encodeState({ project: 'p', directory: '/tmp/p', teardown: 'never', logs });
    const seen = await runFinish({ state: kept, leftovers: [container, network] });
    expect([seen.effects, seen.warnings]).toEqual([['remove /tmp/p.cache'], []]);
    expect(seen.infos).toEqual([
      'Project p stays up (teardown: never). Remove it with `docker compose -p p down --volumes`.',
    ]);
  });
});

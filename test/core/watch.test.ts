import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../src/core/command.ts';
import type { Judge, SystemPlan } from '../../src/core/plan.ts';
import type { ContainerName } from '../../src/io/docker.ts';
import { watchProject } from '../../src/watch.ts';
import { fine } from '../fakes/command.ts';
import { fakeWorld } from '../fakes/world.ts';

function plan(service: string, judge: Judge = 'running'): SystemPlan {
  return {
    service,
    title: service,
    image: 'x',
    because: '',
    after: [],
    judge,
    checks: [],
    rank: 0,
    commands: [],
    sends: [],
  };
}

function line(id: string, service: string, status: string, more: object = {}): string {
  const state = { exitCode: 0, oomKilled: false, restarts: 0, health: null, ...more };
  return JSON.stringify({ id, service, status, ...state });
}

const a1 = { id: 'a1', service: 'a' };
const a2 = { id: 'a2', service: 'a' };
const b1 = { id: 'b1', service: 'b' };

/** A watch over containers whose inspection is given, and can be changed. */
async function watch(containers: readonly ContainerName[], inspected: Partial<CommandResult>) {
  const { world, clock } = fakeWorld({});
  const end = new AbortController();
  const state = { inspected, looks: 0, event: (_id: string) => {} };
  const docker: typeof world.docker = {
    ...world.docker,
    containers: async () => containers,
    inspect: async () => {
      state.looks += 1;
      await clock.sleep(10);
      return { ...fine, ...state.inspected };
    },
    events: async (_project, onEvent) => {
      state.event = onEvent;
      return fine;
    },
  };
  const watched = watchProject('p', { ...world, docker }, end.signal);
  await watched.discover();
  return { watched, state, clock, end: () => end.abort() };
}

describe('a service', () => {
  test('has the containers that carry its name', async () => {
    const { watched, end } = await watch([a1, a2, b1], {});
    expect([watched.ids('a'), watched.ids('b'), watched.ids('c')]).toEqual([['a1', 'a2'], ['b1'], []]);
    end();
  });

  test.each([
    ['running', 'running', 'works'],
    ['running', 'created', 'waiting'],
    ['created', 'exited', 'waiting'],
    ['exited', 'running', 'completed'],
  ])('of two containers, %s and %s: %s', async (one, other, kind) => {
    const stdout = `${line('a1', 'a', one)}\n${line('a2', 'a', other)}\n${line('b1', 'b', 'running')}\n`;
    const { watched, end } = await watch([a1, a2, b1], { stdout });
    await watched.look();
    expect(watched.verdict(plan('a')).kind).toBe(kind);
    expect(watched.verdict(plan('b')).kind).toBe('works');
    end();
  });

  test('fails with the first of its containers', async () => {
    const stdout = `${line('a1', 'a', 'running')}\n${line('a2', 'a', 'exited', { exitCode: 1 })}\n`;
    const { watched, end } = await watch([a1, a2], { stdout });
    await watched.look();
    expect(watched.verdict(plan('a'))).toMatchObject({ kind: 'failed', failure: { code: 'SERVICE_EXITED' } });
    end();
  });

  test('that nobody has seen is waited for', async () => {
    const { watched, end } = await watch([], {});
    await watched.look();
    expect(watched.verdict(plan('a')).kind).toBe('waiting');
    end();
  });
});

test('what was seen stays when the engine does not answer for once', async () => {
  const { watched, state, end } = await watch([a1], { stdout: line('a1', 'a', 'running') });
  await watched.look();
  state.inspected = { exitCode: undefined, stdout: '{"id":"a1","serv', timedOut: true };
  await watched.look();
  expect(watched.verdict(plan('a')).kind).toBe('works');
  state.inspected = { exitCode: 1, stdout: '' };
  await watched.look();
  expect(watched.verdict(plan('a')).kind).toBe('works');
  state.inspected = { stdout: line('a1', 'a', 'exited', { exitCode: 1 }) };
  await watched.look();
  expect(watched.verdict(plan('a')).kind).toBe('failed');
  end();
});

test('a container that is gone hides no other', async () => {
  const both = `${line('a1', 'a', 'running')}\n${line('b1', 'b', 'running')}\n`;
  const { watched, state, end } = await watch([a1, b1], { stdout: both });
  await watched.look();
  state.inspected = { exitCode: 1, stdout: line('b1', 'b', 'exited', { exitCode: 1 }) };
  await watched.look();
  expect([watched.verdict(plan('a')).kind, watched.verdict(plan('b')).kind]).toEqual(['waiting', 'failed']);
  end();
});

describe('looks', () => {
  test('come with events, few for many at once, and one for those that come during it', async () => {
    const { state, clock, end } = await watch([a1], { stdout: line('a1', 'a', 'running') });
    for (let event = 0; event < 100; event += 1) state.event('a1');
    await clock.sleep(5);
    expect(state.looks).toBe(1);
    for (let event = 0; event < 100; event += 1) state.event('a1');
    await clock.sleep(100);
    expect(state.looks).toBe(2);
    state.event('a1');
    await clock.sleep(100);
    expect(state.looks).toBe(3);
    end();
  });

  test('come by themselves, since events can get lost, and end with the watch', async () => {
    const { state, clock, end } = await watch([a1], { stdout: line('a1', 'a', 'running') });
    await clock.sleep(25_000);
    expect(state.looks).toBe(2);
    end();
    await clock.sleep(60_000);
    expect(state.looks).toBe(2);
  });
});

import { describe, expect, test } from 'vitest';
import type { Judge } from '../../src/core/plan.ts';
import { judgeState, notReady, type Observation } from '../../src/core/readiness.ts';

const running: Observation = {
  service: 'store',
  id: 'c1',
  status: 'running',
  exitCode: 0,
  oomKilled: false,
  restarts: 0,
};

function judged(seen: Partial<Observation>, judge: Judge = 'probe'): string {
  const verdict = judgeState({ ...running, ...seen }, judge);
  return verdict.kind === 'failed' ? verdict.failure.code : verdict.kind;
}

test.each<[string, Partial<Observation>, string, string, string]>([
  // status, what else, verdict where a probe decides, where a health check does, where running does
  ['running', {}, 'waiting', 'waiting', 'works'],
  ['running', { health: 'starting' }, 'waiting', 'waiting', 'works'],
  ['running', { health: 'healthy' }, 'waiting', 'works', 'works'],
  ['running', { health: 'unhealthy' }, 'waiting', 'SERVICE_UNHEALTHY', 'works'],
  ['running', { restarts: 2 }, 'waiting', 'waiting', 'works'],
  ['running', { restarts: 3 }, 'SERVICE_CRASH_LOOP', 'SERVICE_CRASH_LOOP', 'SERVICE_CRASH_LOOP'],
  ['restarting', { restarts: 2, exitCode: 1 }, 'waiting', 'waiting', 'waiting'],
  [
    'restarting',
    { restarts: 9, exitCode: 1 },
    'SERVICE_CRASH_LOOP',
    'SERVICE_CRASH_LOOP',
    'SERVICE_CRASH_LOOP',
  ],
  ['created', {}, 'waiting', 'waiting', 'waiting'],
  ['paused', { health: 'healthy' }, 'waiting', 'waiting', 'waiting'],
  ['removing', {}, 'waiting', 'waiting', 'waiting'],
  ['exited', {}, 'SERVICE_EXITED', 'SERVICE_EXITED', 'completed'],
  ['exited', { exitCode: 3 }, 'SERVICE_EXITED', 'SERVICE_EXITED', 'SERVICE_EXITED'],
  ['dead', { exitCode: 1 }, 'SERVICE_EXITED', 'SERVICE_EXITED', 'SERVICE_EXITED'],
  ['exited', { exitCode: 137, oomKilled: true }, 'SERVICE_OOM', 'SERVICE_OOM', 'SERVICE_OOM'],
  ['exited', { exitCode: 137 }, 'SERVICE_EXITED', 'SERVICE_EXITED', 'SERVICE_EXITED'],
])('%s %j: by probe %s, by health check %s, by running %s', (status, seen, probe, healthcheck, run) => {
  const observed = { ...seen, status };
  expect([judged(observed), judged(observed, 'healthcheck'), judged(observed, 'running')]).toEqual([
    probe,
    healthcheck,
    run,
  ]);
});

function textOf(seen: Partial<Observation>, judge: Judge = 'probe'): string {
  const verdict = judgeState({ ...running, ...seen }, judge);
  if (verdict.kind !== 'failed') return verdict.kind;
  const { code, system, what, why, advice } = verdict.failure;
  return [code, system, what, why, advice].join('\n');
}

describe('what a person reads', () => {
  test('of an exit', () => {
    expect(textOf({ status: 'exited', exitCode: 3 })).toBe(
      [
        'SERVICE_EXITED',
        'store',
        'store exited with code 3.',
        'It stopped by itself with an error.',
        "Read the end of store's log below; correct its configuration or image.",
      ].join('\n'),
    );
  });

  test('of memory that ran out', () => {
    expect(textOf({ status: 'exited', exitCode: 137, oomKilled: true })).toBe(
      [
        'SERVICE_OOM',
        'store',
        'store ran out of memory and was killed.',
        'It needed more memory than its limit, or than the machine has left.',
        "Raise store's memory limit, choose fewer services, or use a larger runner.",
      ].join('\n'),
    );
  });

  test('of a crash loop', () => {
    expect(textOf({ status: 'restarting', exitCode: 127, restarts: 4 })).toBe(
      [
        'SERVICE_CRASH_LOOP',
        'store',
        'store keeps crashing: 4 restarts, last exit code 127.',
        'Its command was not found in the image.',
        'Read the end of store\'s log below. A restart policy hides such a crash; in CI `restart: "no"` shows it at once.',
      ].join('\n'),
    );
  });

  test('of a health check', () => {
    expect(textOf({ health: 'unhealthy' }, 'healthcheck')).toBe(
      [
        'SERVICE_UNHEALTHY',
        'store',
        "store's own health check says unhealthy.",
        'The check in its Compose file or image failed more often than it may.',
        "Read the end of store's log below, and run the check by hand with `docker exec`.",
      ].join('\n'),
    );
  });

  test.each([
    [0, 'has to keep running'],
    [1, 'stopped by itself'],
    [125, 'Docker could not run'],
    [126, 'cannot be executed'],
    [127, 'not found in the image'],
    [132, 'AVX'],
    [137, 'not by its own memory limit'],
    [139, 'segmentation fault'],
    [143, 'SIGTERM'],
  ])('of exit code %i', (exitCode, words) => {
    expect(textOf({ status: 'exited', exitCode })).toContain(words);
  });
});

describe('the deadline', () => {
  test('tells the last answer', () => {
    expect(notReady('store', 300, 'HTTP 503 from /ready')).toEqual({
      code: 'NOT_READY',
      system: 'store',
      what: 'store did not work within 300 s.',
      why: 'The last probe said: HTTP 503 from /ready',
      advice:
        "Read the end of store's log below. If it is only slow here, raise `timeout` or choose fewer services.",
    });
  });

  test('or that there was none', () => {
    expect(notReady('store', 300, '').why).toBe('It was still starting.');
  });
});

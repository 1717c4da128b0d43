import { describe, expect, test } from 'vitest';
import { BrokenPromise, type Check } from '../../smoke/core/check.ts';
import { runChecks } from '../../smoke/run-checks.ts';
import { check, stack } from '../fakes/smoke.ts';

function runAll(checks: readonly Check[], more: { standIns?: readonly string[]; signal?: AbortSignal } = {}) {
  const ended: string[] = [];
  const { standIns = [], signal = new AbortController().signal } = more;
  const running = {
    stack,
    standIns,
    signal,
    now: () => 0,
    onEnd: ({ id }: { readonly id: string }) => void ended.push(id),
  };
  return runChecks(checks, running).then((results) => ({ results, ended }));
}

const untilAborted = (_: unknown, signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new BrokenPromise('GET a', 'nothing yet')));
  });

describe('a check', () => {
  test.for<[string, Partial<Check>, object]>([
    ['passes', {}, { outcome: 'passed' }],
    [
      'breaks its promise',
      { run: () => Promise.reject(new BrokenPromise('GET a', '404')) },
      { outcome: 'failed', request: 'GET a', answer: '404' },
    ],
    [
      'throws what is no broken promise',
      { run: () => Promise.reject(new TypeError('x is not a function')) },
      { outcome: 'failed', request: 'queue.send', answer: 'x is not a function' },
    ],
    [
      'says at its deadline what it waits for',
      { deadline: 20, run: untilAborted },
      { outcome: 'failed', request: 'GET a', answer: 'nothing yet' },
    ],
  ])('that %s', async ([, more, verdict]) => {
    const { results } = await runAll([check('queue.send', more)]);
    expect(results).toEqual([
      { id: 'queue.send', system: 'queue', promise: 'queue.send holds.', ms: 0, ...verdict },
    ]);
  });

  test('that never ends is given up', async () => {
    const stuck = check('queue.send', { deadline: 20, run: () => new Promise(() => undefined) });
    const { results } = await runAll([stuck]);
    const answer = 'it was still busy 3 s after its deadline of 0.02 s';
    expect(results).toMatchObject([{ outcome: 'failed', request: 'queue.send', answer }]);
  });

  test('is skipped, with the reason, where the image of a service is a stand-in, and there alone', async () => {
    const run = () => Promise.reject(new BrokenPromise('GET a', 'no pages'));
    const checks = [
      check('page.open', { run, needs: ['page', 'store'], standIns: { page: 'It has no pages.' } }),
    ];
    const skipped = await runAll(checks, { standIns: ['queue', 'page'] });
    expect(skipped.results).toMatchObject([{ outcome: 'skipped', reason: 'It has no pages.', ms: 0 }]);
    const elsewhere = await runAll(checks, { standIns: ['queue', 'store'] });
    expect(elsewhere.results).toMatchObject([{ outcome: 'failed', answer: 'no pages' }]);
  });
});

describe('many checks', () => {
  test('run beside each other, and are reported in their own order', async () => {
    const first = Promise.withResolvers<void>();
    const checks = [
      check('queue.first', { run: () => first.promise }),
      check('queue.second', { run: async () => first.resolve() }),
    ];
    const { results, ended } = await runAll(checks);
    expect(results.map(({ id }) => id)).toEqual(['queue.first', 'queue.second']);
    expect(ended.sort()).toEqual(['queue.first', 'queue.second']);
  });

  test('are alone with what they disturb', async () => {
    const using = new Set<string>();
    const seen: string[] = [];
    const use = (name: string) => async () => {
      using.add(name);
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push([...using].sort().join('+'));
      using.delete(name);
    };
    const checks = [
      check('queue.restart', { run: use('restart'), disturbs: ['queue'] }),
      check('queue.send', { run: use('send') }),
      check('queue.read', { run: use('read') }),
    ];
    const { results } = await runAll(checks);
    expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
    expect(seen).toEqual(['read+send', 'read', 'restart']);
  });

  test('end with the deadline of all, and those that had no turn say so', async () => {
    const checks = [
      check('queue.send', { run: untilAborted }),
      check('queue.restart', { disturbs: ['queue'] }),
    ];
    const { results } = await runAll(checks, { signal: AbortSignal.timeout(20) });
    expect(results).toMatchObject([
      { outcome: 'failed', request: 'GET a', answer: 'nothing yet' },
      { outcome: 'failed', request: 'queue.restart', answer: 'not asked: no time was left' },
    ]);
  });
});

import { expect, test } from 'vitest';
import { decodeState } from '../../src/core/state.ts';
import { runUp } from '../fakes/run.ts';
import type { Scene } from '../fakes/scene.ts';

const slow = { answersAfter: 60_000 };

test.each<[string, Scene, number, string]>([
  ['at once', { inputs: { services: 'top' } }, 0, 'start'],
  ['while the engine is asked', { inputs: { services: 'top' }, engineTakes: 1000 }, 500, 'create'],
  [
    'while it pulls',
    { inputs: { services: 'top' }, pulls: { 'base:1': { takes: 60_000 } } },
    500,
    'start base',
  ],
  ['while it waits', { inputs: { services: 'top' }, services: { base: slow } }, 500, 'start queue'],
])(
  'cancelled %s: no annotation, nothing handed over or started after it, state saved',
  async (_, scene, at, never) => {
    const { seen, exitCode } = await runUp(scene, at);
    expect(seen.annotations).toEqual([]);
    expect(seen.infos.at(-1)).toBe('Cancelled; post takes down what was started.');
    expect(exitCode).toBe(1);
    expect(seen.outputs.has('services')).toBe(false);
    expect(seen.effects.filter((effect) => effect.startsWith(never))).toEqual([]);
    expect(decodeState(seen.saved)?.project).toBe('paklog-7-1-test-ab12');
  },
);

test('a cancellation that comes too late changes nothing', async () => {
  const { seen, exitCode } = await runUp({ inputs: { services: 'store' } }, 60_000);
  expect(seen.infos.some((info) => info.startsWith('Cancelled'))).toBe(false);
  expect([seen.annotations, exitCode, seen.outputs.has('store-url')]).toEqual([[], undefined, true]);
});

test('a failure before the cancellation stays the failure', async () => {
  const services = { base: { exits: { after: 500, code: 1 } } };
  const { seen } = await runUp({ inputs: { services: 'top' }, services }, 60_000);
  expect(seen.annotations.map(({ title }) => title)).toEqual(['infra-action: base: SERVICE_EXITED']);
});

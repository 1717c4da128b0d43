import { describe, expect, test } from 'vitest';
import { engineEffects, runUp } from '../fakes/run.ts';
import type { Behaviour, Scene } from '../fakes/scene.ts';

/** The annotations of a run that must fail: there is exactly one, and nothing was handed over. */
async function failureOf(scene: Scene) {
  const { seen } = await runUp(scene);
  expect(seen.annotations).toHaveLength(1);
  expect([...seen.outputs.keys(), ...seen.exported]).toEqual(['project-name', 'logs-path', 'logs-artifact']);
  const [{ title = '', text = '' } = {}] = seen.annotations;
  return { title, text, seen };
}

const only = (service: string, behaviour: Behaviour): Scene => ({
  inputs: { services: service },
  services: { [service]: behaviour },
});

describe('a system that fails', () => {
  test('is named, with the cause, what to do, and the end of its log', async () => {
    const log = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n');
    const scene = only('store', { exits: { after: 700, code: 3 }, log });
    const { title, text, seen } = await failureOf(scene);
    expect(title).toBe('infra-action: store: SERVICE_EXITED');
    expect(text).toBe(
      [
        'store exited with code 3.',
        'Why: It stopped by itself with an error.',
        "What to do: Read the end of store's log below; correct its configuration or image.",
        'More about SERVICE_EXITED: https://github.com/paklog/infra-action/blob/v1/docs/troubleshooting.md#service_exited',
        '',
        "The end of store's log:",
        ...log.split('\n').slice(-10),
      ].join('\n'),
    );
    expect(seen.foreign).toEqual(new Map([["The end of store's log", log]]));
    expect(seen.summaries).toHaveLength(1);
    expect(seen.summaries[0]).toContain('### ❌ store: SERVICE_EXITED');
  });

  test('ends everything at once, not at the deadline', async () => {
    const { seen } = await failureOf({
      inputs: { services: 'top' },
      services: { base: { exits: { after: 700, code: 1 } } },
    });
    expect(seen.effects).not.toContain('start queue');
    expect(seen.infos.filter((info) => info.includes('s: waiting for'))).toEqual([]);
  });

  test.each<[string, Behaviour, string, string]>([
    ['store', { exits: { after: 100, code: 137, oom: true } }, 'SERVICE_OOM', 'ran out of memory'],
    ['store', { exits: { after: 100, code: 0 } }, 'SERVICE_EXITED', 'has to keep running'],
    ['store', { exits: { after: 100, code: 1 }, restarts: true }, 'SERVICE_CRASH_LOOP', '3 restarts'],
    ['once', { exits: { after: 0, code: 3 } }, 'SERVICE_EXITED', 'code 3'],
    ['checked', { answersAfter: 100, health: 'unhealthy' }, 'SERVICE_UNHEALTHY', 'health check'],
    [
      'store',
      {
        refusesStart: 'Error response from daemon: Bind for 127.0.0.1:7003 failed: port is already allocated',
      },
      'PORT_TAKEN',
      '127.0.0.1:7003',
    ],
    ['store', { refusesStart: 'exec /run: exec format error' }, 'PLATFORM_UNSUPPORTED', 'store:1'],
  ])('%s %j', async (service, behaviour, code, words) => {
    const { title, text } = await failureOf(only(service, behaviour));
    expect(title).toBe(`infra-action: ${service}: ${code}`);
    expect(text).toContain(words);
  });

  test('in one of its commands', async () => {
    const services = { queue: { answersAfter: 0, refusesCommands: 'topic exists' } };
    const { title, text, seen } = await failureOf({ inputs: { services: 'top', topics: 'a\nb' }, services });
    expect(title).toBe('infra-action: queue: COMMAND_FAILED');
    expect(text).toContain('Why: topic exists');
    expect(engineEffects(seen).at(-1)).toBe('execute queue: make a');
  });
});

describe('a system that dies after it worked', () => {
  const dies = { answersAfter: 0, exits: { after: 5000, code: 9 } };

  test('is named while others are still waited for', async () => {
    const services = { base: dies, queue: { answersAfter: 60_000 } };
    const { title, seen } = await failureOf({ inputs: { services: 'top' }, services });
    expect(title).toBe('infra-action: base: SERVICE_EXITED');
    expect(seen.effects).not.toContain('start top');
  });

  test('is caught by the last look, though no event told of it', async () => {
    const services = { base: dies, queue: { answersAfter: 6000 } };
    const { title } = await failureOf({ inputs: { services: 'queue' }, services, deaf: true });
    expect(title).toBe('infra-action: base: SERVICE_EXITED');
  });

  test('is caught in the middle of a wait, though no event told of it', async () => {
    const services = { base: dies, queue: { answersAfter: 200_000 } };
    const { title } = await failureOf({ inputs: { services: 'queue' }, services, deaf: true });
    expect(title).toBe('infra-action: base: SERVICE_EXITED');
  });

  test('and one that lives on is none of that', async () => {
    const services = { base: { answersAfter: 0 }, queue: { answersAfter: 6000 } };
    const { seen } = await runUp({ inputs: { services: 'queue' }, services, deaf: true });
    expect(seen.annotations).toEqual([]);
  });
});

describe('the deadline', () => {
  const silent = { says: 'HTTP 503 from /' };

  test('names the one system that does not work, and what it last said', async () => {
    const { title, text } = await failureOf({
      inputs: { services: 'store', timeout: '30s' },
      services: { store: silent },
    });
    expect(title).toBe('infra-action: store: NOT_READY');
    expect(text).toContain('store did not work within 30 s.\nWhy: The last probe said: HTTP 503 from /\n');
  });

  test('names the system that the others wait for, not one that is slow beside them', async () => {
    const { title } = await failureOf({
      inputs: { services: 'top, checked', timeout: '30s' },
      services: { base: silent, checked: { health: 'healthy' } },
      pulls: { 'base:1': { takes: 500 } },
    });
    expect(title).toBe('infra-action: base: NOT_READY');
  });

  test('counts from the beginning, not from the last start', async () => {
    const services = { base: { answersAfter: 20_000 }, queue: { answersAfter: 20_000 } };
    const { title } = await failureOf({ inputs: { services: 'queue', timeout: '30s' }, services });
    expect(title).toBe('infra-action: queue: NOT_READY');
    const enough = await runUp({ inputs: { services: 'queue', timeout: '41s' }, services });
    expect(enough.seen.annotations).toEqual([]);
  });

  test('counts what came before the first start', async () => {
    const services = { store: { answersAfter: 25_000 } };
    const inputs = { services: 'store', timeout: '30s' };
    expect((await failureOf({ inputs, services, engineTakes: 10_000 })).title).toContain('store: NOT_READY');
    expect((await runUp({ inputs, services, engineTakes: 1000 })).seen.annotations).toEqual([]);
  });

  test('ends a pull that does not end', async () => {
    const scene = {
      inputs: { services: 'store', timeout: '30s' },
      pulls: { 'store:1': { takes: 3_600_000 } },
    };
    const { title, seen } = await failureOf(scene);
    expect(title).toBe('infra-action: store: NOT_READY');
    expect(seen.effects).not.toContain('pulled store:1');
  });
});

describe('what cannot be had', () => {
  test('an image', async () => {
    const pulls = { 'store:1': { refuses: 'manifest unknown' }, 'base:1': { takes: 50_000 } };
    const { title, text, seen } = await failureOf({ inputs: { services: 'top' }, pulls });
    expect(title).toBe('infra-action: store: PULL_NOT_FOUND');
    expect(text).toContain('store:1 does not exist in its registry.');
    expect(seen.effects).not.toContain('start base');
  });

  test('a network', async () => {
    const createSays = 'all predefined address pools have been fully subnetted';
    const { title } = await failureOf({ inputs: { services: 'store' }, createSays });
    expect(title).toBe('infra-action: PakLog infrastructure: NETWORK_EXHAUSTED');
  });
});

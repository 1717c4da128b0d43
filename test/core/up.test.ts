import { describe, expect, test } from 'vitest';
import { decodeState } from '../../src/core/state.ts';
import { engineEffects, runUp, timings } from '../fakes/run.ts';

const slow = { answersAfter: 1000 };

test('a whole run, in its order', async () => {
  const { seen } = await runUp({
    inputs: { services: 'top', topics: 'a\nb', 'export-env': 'default, spring' },
  });
  expect(seen.annotations).toEqual([]);
  expect(seen.effects).toEqual([
    'state',
    'output project-name',
    'output logs-path',
    'output logs-artifact',
    'make /tmp/paklog-7-1-test-ab12',
    'create base',
    'create queue store',
    'start base',
    'create top',
    'start store',
    'start queue',
    'execute queue: make a',
    'execute queue: make b',
    'start top',
    'weigh 1024: base queue store top',
    'output queue-url',
    'output store-url',
    'export QUEUE',
    'export SPRING_QUEUE',
    'output env-file',
    'output network-env-file',
    'output services',
    'output network',
    'output cache-hit',
    'output timings',
  ]);
});

test('what was saved before the first creation is enough to take the run down', async () => {
  const { seen } = await runUp({ inputs: { services: 'store', teardown: 'never', 'project-name': 'mine' } });
  expect(decodeState(seen.saved)).toEqual({
    project: 'mine',
    directory: '/tmp/mine',
    teardown: 'never',
    logs: { when: 'on-failure', artifact: 'infra-logs-test-1-ab12', include: [] },
  });
});

test('a system starts once what it depends on works, not before', async () => {
  const { seen } = await runUp({
    inputs: { services: 'top' },
    services: { base: slow, store: { answersAfter: 4000 } },
  });
  const times = timings(seen.outputs.get('timings'));
  const [base, queue, store, top] = ['base', 'queue', 'store', 'top'].map((name) => times.get(name));
  expect(queue?.startedAt).toBe(base?.worksAt);
  expect(top?.startedAt).toBe(store?.worksAt);
  expect(store?.startedAt).toBeLessThan(base?.worksAt ?? 0);
});

describe('images', () => {
  const pulls = {
    'top:1': { takes: 9000 },
    'base:1': { takes: 100 },
    'queue:1': { takes: 50 },
    'store:1': {},
  };

  test('are pulled in the order of the plan, and what is here is not', async () => {
    const { seen } = await runUp({
      inputs: { services: 'top, checked' },
      pulls,
      services: { checked: { health: 'healthy', answersAfter: 0 } },
    });
    const pulled = seen.effects.filter((effect) => effect.startsWith('pull '));
    expect(pulled).toEqual(['pull base:1', 'pull queue:1', 'pull store:1', 'pull top:1']);
  });

  test('hold back nobody else', async () => {
    const { seen } = await runUp({ inputs: { services: 'top' }, pulls });
    const { effects } = seen;
    for (const service of ['base', 'queue', 'store'])
      expect(effects.indexOf(`start ${service}`)).toBeLessThan(effects.indexOf('pulled top:1'));
    expect(effects.indexOf('start top')).toBeGreaterThan(effects.indexOf('pulled top:1'));
    expect(effects.indexOf('start base')).toBeGreaterThan(effects.indexOf('pulled base:1'));
  });

  test('of the caller are what is pulled and told', async () => {
    const inputs = { services: 'store', images: 'store: mine:2' };
    const { seen } = await runUp({ inputs, pulls: { 'mine:2': {} } });
    expect(engineEffects(seen)).toEqual(['pull mine:2', 'pulled mine:2', 'create store', 'start store']);
    expect(JSON.parse(seen.outputs.get('services') ?? '')).toMatchObject({ store: { image: 'mine:2' } });
  });
});

describe('commands', () => {
  test('run once their system works, before anybody who waits for it starts', async () => {
    const { seen } = await runUp({ inputs: { services: 'top', topics: 'a' }, services: { queue: slow } });
    const at = (effect: string) => seen.effects.indexOf(effect);
    expect(at('execute queue: make a')).toBeGreaterThan(at('start queue'));
    expect(at('execute queue: make a')).toBeLessThan(at('start top'));
    const queue = timings(seen.outputs.get('timings')).get('queue');
    expect((queue?.worksAt ?? 0) - (queue?.startedAt ?? 0)).toBe(1000);
  });

  test('do not run where nobody asks', async () => {
    const { seen } = await runUp({ inputs: { services: 'top' } });
    expect(seen.effects.filter((effect) => effect.startsWith('execute'))).toEqual([]);
  });
});

describe('ports', () => {
  test('fixed: the stack’s own numbers', async () => {
    const { seen } = await runUp({ inputs: { services: 'queue' } });
    expect(seen.outputs.get('queue-url')).toBe('localhost:7002');
    expect(seen.files.get('/tmp/paklog-7-1-test-ab12/network.env')).toBe(
      'QUEUE=queue:17002\nSPRING_QUEUE=queue:17002\n',
    );
  });

  test('dynamic: free ones, which the Compose text and every address know', async () => {
    const { seen } = await runUp({ inputs: { services: 'queue', ports: 'dynamic', 'project-name': 'p' } });
    const model = JSON.parse(seen.files.get('/tmp/p/model.json') ?? '');
    const published = model.services.queue.ports[0].published;
    expect(Number(published)).toBeGreaterThan(40_000);
    expect(model.services.queue.environment).toEqual({ ADVERTISED: `localhost:${published}` });
    expect(seen.outputs.get('queue-url')).toBe(`localhost:${published}`);
    expect(seen.exported.get('QUEUE')).toBe(`localhost:${published}`);
    expect(seen.files.get('/tmp/p/host.env')).toContain(`QUEUE=localhost:${published}\n`);
    expect(seen.files.get('/tmp/p/services.json')).toBe(seen.outputs.get('services'));
  });

  test('are published on the chosen address, and reached under the advertised name', async () => {
    const inputs = { services: 'queue', 'bind-address': '0.0.0.0', 'project-name': 'p' };
    const { seen } = await runUp({ inputs: { ...inputs, 'advertise-host': 'ci.example' } });
    const model = JSON.parse(seen.files.get('/tmp/p/model.json') ?? '');
    expect(model.services.queue.ports).toMatchObject([{ host_ip: '0.0.0.0', target: 7002 }]);
    expect(model.services.queue.environment).toEqual({ ADVERTISED: 'ci.example:7002' });
    expect(seen.outputs.get('queue-url')).toBe('ci.example:7002');
  });
});

describe('without a probe', () => {
  test('a health check decides', async () => {
    const services = { checked: { health: 'healthy', answersAfter: 2000 } } as const;
    const { seen } = await runUp({ inputs: { services: 'checked' }, services });
    expect(seen.annotations).toEqual([]);
    expect(timings(seen.outputs.get('timings')).get('checked')?.worksAt).toBeGreaterThanOrEqual(2000);
  });

  test('a service that ends with 0 has done its work', async () => {
    const { seen } = await runUp({
      inputs: { services: 'once' },
      services: { once: { exits: { after: 0, code: 0 } } },
    });
    expect([seen.annotations, seen.outputs.has('services')]).toEqual([[], true]);
  });
});

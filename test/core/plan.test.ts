import { describe, expect, test } from 'vitest';
import { emptyCatalogue } from '../../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { decodeModel } from '../../src/core/model.ts';
import { makePlan, renderPlan, undecidable } from '../../src/core/plan.ts';
import { select } from '../../src/core/selection.ts';
import { everyService, sampleCatalogue, sampleJson, sampleModel } from './sample.ts';

function plan(services: readonly string[], localImages: readonly string[] = []) {
  const { selected } = select({ services, own: [] }, sampleModel, sampleCatalogue);
  const requests = [
    {
      kind: 'exec',
      input: 'topics',
      system: 'queue',
      commands: [
        ['make', 'a'],
        ['make', 'b'],
      ],
      environment: {},
    },
    { kind: 'overlay', input: 'replica', system: 'store', file: 'x' },
  ] as const;
  return makePlan({
    project: 'p-1',
    selected,
    model: sampleModel,
    catalogue: sampleCatalogue,
    requests: requests.filter(({ system }) => selected.some(({ service }) => service === system)),
    localImages,
  });
}

test('a person reads the whole plan', () => {
  expect(renderPlan(plan(['all'], ['acme/store:1', 'other:1']))).toBe(
    [
      'Project p-1: 5 systems',
      'image  acme/store:1: on this machine already',
      'image  acme/base:1: pull, for base',
      'image  acme/queue:1: pull, for queue',
      'image  acme/app:1: pull, for app',
      'build  metrics: its Compose file builds it',
      'start  base: at once (queue depends on it); probed from the host',
      'start  queue: when base works (app depends on it); probed from the host',
      'start  store: at once (app depends on it); counts as working once it runs, or ends with 0',
      'start  app: when queue works and store has started (in all); judged by its health check',
      'start  metrics: when store works (in all); counts as working once it runs, or ends with 0',
      'run    queue: 2 for topics, once it works',
    ].join('\n'),
  );
});

test('what does not take part is not mentioned', () => {
  expect(renderPlan(plan(['store'], ['acme/store:1']))).toBe(
    [
      'Project p-1: 1 systems',
      'image  acme/store:1: on this machine already',
      'start  store: at once (asked for); counts as working once it runs, or ends with 0',
    ].join('\n'),
  );
});

describe('order', () => {
  test('the longest chain of waiting systems starts and pulls first', () => {
    const made = plan(['all']);
    expect(made.systems.map(({ service, rank }) => [service, rank])).toEqual([
      ['base', 2],
      ['queue', 1],
      ['store', 1],
      ['app', 0],
      ['metrics', 0],
    ]);
    expect(made.pulls.map(({ image }) => image)).toEqual([
      'acme/base:1',
      'acme/queue:1',
      'acme/store:1',
      'acme/app:1',
    ]);
  });

  test('who waits only for a start does not count', () => {
    const started = { depends_on: { a: { condition: 'service_started' } }, image: 'b' };
    const model = decodeModel({ services: { a: { image: 'a' }, b: started } });
    const selected = [...model.services.keys()].map((service) => ({ service, because: '' }));
    const facts = { project: 'p', selected, model, catalogue: emptyCatalogue, requests: [], localImages: [] };
    expect(makePlan(facts).systems.map(({ rank }) => rank)).toEqual([0, 0]);
  });

  test('a dependency that does not take part is not waited for', () => {
    const [metrics] = plan(['metrics']).systems;
    expect(metrics).toMatchObject({ service: 'metrics', after: [], rank: 0 });
  });
});

describe('images', () => {
  const model = decodeModel({
    services: {
      a: { image: 'same:1', platform: 'linux/arm64' },
      b: { image: 'same:1' },
      c: { image: 'built:1', build: { context: '.' } },
    },
  });
  const selected = ['a', 'b', 'c'].map((service) => ({ service, because: '' }));
  const facts = { project: 'p', selected, model, catalogue: emptyCatalogue, requests: [] };

  test('of several services are pulled once, for their platform; one that is built is not pulled', () => {
    const { pulls, present, builds } = makePlan({ ...facts, localImages: [] });
    expect(pulls).toEqual([{ image: 'same:1', services: ['a', 'b'], platform: 'linux/arm64' }]);
    expect([present, builds]).toEqual([[], ['c']]);
  });

  test('of docker.io are asked for at a mirror first, where there is one', () => {
    const made = makePlan({ ...facts, localImages: [], registryMirror: 'ghcr.io/acme/mirror' });
    const [pull] = made.pulls;
    expect(pull).toMatchObject({ image: 'same:1', mirror: 'ghcr.io/acme/mirror/library/same:1' });
    expect(renderPlan(made)).toContain(
      'image  same:1: pull (first ghcr.io/acme/mirror/library/same:1), for a, b\n',
    );
  });

  test('that are here are not pulled', () => {
    const { pulls, present } = makePlan({ ...facts, localImages: ['same:1'] });
    expect([pulls, present]).toEqual([[], ['same:1']]);
  });
});

test('a probe decides before a health check, and a health check before mere running', () => {
  expect(plan(['all']).systems.map(({ service, judge }) => `${service} ${judge}`)).toEqual([
    'base probe',
    'queue probe',
    'store running',
    'app healthcheck',
    'metrics running',
  ]);
});

describe('checks that could never pass', () => {
  const asksOther = decodeCatalogue({
    systems: {
      queue: {
        endpoints: { queue: { port: 7002 }, inner: { port: 9999 } },
        probe: [{ http: { endpoint: 'inner' } }, { http: { system: 'base', endpoint: 'base' } }],
      },
      base: { endpoints: { base: { port: 7001 } } },
    },
  }).catalogue;

  test('ask a port that is not published', () => {
    expect(undecidable(['base', 'queue'], sampleModel, asksOther)).toEqual([
      {
        where: 'x-paklog.systems.queue.probe',
        what: 'asks port 9999 of queue, which its `ports` do not publish',
      },
    ]);
  });

  test('ask a system that does not take part', () => {
    expect(undecidable(['queue'], sampleModel, asksOther)).toContainEqual({
      where: 'x-paklog.systems.queue.probe',
      what: 'asks base, which is not among the services',
    });
  });

  test('are not the sample’s', () => {
    expect(undecidable(everyService, sampleModel, sampleCatalogue)).toEqual([]);
  });

  test('are those of a service that publishes nothing any more', () => {
    const { base, ...others } = sampleJson.services;
    const model = decodeModel({ services: { ...others, base: { ...base, ports: [] } } });
    expect(undecidable(everyService, model, sampleCatalogue)).toHaveLength(1);
  });
});

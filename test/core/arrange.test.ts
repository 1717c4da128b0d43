import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arrangement, arrange } from '../../src/core/arrange.ts';
import { asArray, asObject, entries } from '../../src/core/json.ts';
import { decodeModel } from '../../src/core/model.ts';
import { assignPorts, publishedPorts } from '../../src/core/ports.ts';
import { everyService, sampleCatalogue, sampleJson, sampleModel } from './sample.ts';

function wanted(services: readonly string[], more: Partial<Arrangement> = {}): Arrangement {
  return {
    services,
    bindings: assignPorts(publishedPorts(sampleModel, services), 'dynamic', [50_001, 50_002, 50_003, 50_004]),
    bindAddress: '127.0.0.1',
    images: new Map(),
    requests: [],
    directory: '/run',
    weights: new Map(),
    jvm: 'startup',
    ...more,
  };
}

const arranged = (services: readonly string[], more: Partial<Arrangement> = {}) =>
  asObject(arrange(sampleModel, sampleCatalogue, wanted(services, more))['services']) ?? {};

test('only what takes part, with networks and volumes, and without what Compose does not know', () => {
  const before = JSON.stringify(sampleModel.json);
  const json = arrange(sampleModel, sampleCatalogue, wanted(['base', 'queue']));
  expect(json).toEqual({
    name: 'sample',
    networks: sampleJson.networks,
    volumes: sampleJson.volumes,
    services: {
      base: {
        image: 'acme/base:1',
        networks: { inner: null },
        healthcheck: { disable: true },
        ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 7001, published: '50001', protocol: 'tcp' }],
      },
      queue: {
        image: 'acme/queue:1',
        networks: { inner: null },
        depends_on: { base: { condition: 'service_healthy', required: true } },
        healthcheck: { disable: true },
        ports: [
          { mode: 'ingress', host_ip: '127.0.0.1', target: 7002, published: '50002', protocol: 'tcp' },
          { mode: 'ingress', host_ip: '127.0.0.1', target: 7012, published: '50003', protocol: 'udp' },
        ],
      },
    },
  });
  expect(JSON.stringify(sampleModel.json)).toBe(before);
});

describe('health checks', () => {
  test('are off where a probe decides, and untouched where they decide', () => {
    const services = arranged(everyService);
    expect(services).toMatchObject({
      queue: { healthcheck: { disable: true } },
      app: { healthcheck: { test: ['CMD', 'check'] } },
    });
    expect(services['store']).not.toHaveProperty('healthcheck');
  });
});

test('two stacks may share a host: no container has a fixed name', () => {
  expect(sampleJson.services.app.container_name).toBe('the-app');
  expect(JSON.stringify(arranged(everyService))).not.toContain('container_name');
});

test('a dependency that does not take part is not Compose’s to wait for either', () => {
  expect(arranged(['metrics'])['metrics']).not.toHaveProperty('depends_on');
  expect(arranged(['metrics', 'store'])['metrics']).toHaveProperty('depends_on.store');
});

describe('images', () => {
  test('of the caller replace the file’s, and what it builds', () => {
    const services = arranged(everyService, {
      images: new Map([
        ['store', 'mine:2'],
        ['metrics', 'mine:3'],
      ]),
    });
    const model = decodeModel({ services });
    expect(model.services.get('store')?.image).toBe('mine:2');
    expect(model.services.get('metrics')).toMatchObject({ image: 'mine:3', builds: false });
    expect(model.services.get('base')?.image).toBe('acme/base:1');
  });

  test('are built where the caller names none', () => {
    expect(decodeModel({ services: arranged(everyService) }).services.get('metrics')?.builds).toBe(true);
  });
});

describe('files of the caller', () => {
  const files = ['/w/b.js', '/w/sub/a.sh'];
  const request = {
    kind: 'mount',
    input: 'init',
    system: 'store',
    files,
    into: '/init',
    prefix: '50-',
  } as const;

  test('are mounted read-only, in order, beside what was there', () => {
    expect(arranged(['store'], { requests: [request] })['store']).toMatchObject({
      volumes: [
        { type: 'volume', source: 'data', target: '/data' },
        {
          type: 'bind',
          source: '/w/b.js',
          target: '/init/50-01-b.js',
          read_only: true,
          bind: { create_host_path: false },
        },
        { type: 'bind', source: '/w/sub/a.sh', target: '/init/50-02-a.sh' },
      ],
    });
  });

  test('are of their system alone', () => {
    expect(JSON.stringify(arranged(['base', 'queue'], { requests: [request] }))).not.toContain('/init');
  });
});

test('a weight is set where there is one', () => {
  const services = arranged(['base', 'store'], { weights: new Map([['base', 2048]]) });
  expect(services).toMatchObject({ base: { cpu_shares: 2048 } });
  expect(services['store']).not.toHaveProperty('cpu_shares');
});

test('whatever the files say, every published port is on the chosen address, on a port of its own', () => {
  const port = fc.record(
    {
      target: fc.integer({ min: 1, max: 65_535 }),
      published: fc.integer({ min: 1, max: 65_535 }).map(String),
      host_ip: fc.constantFrom('0.0.0.0', '::', '10.0.0.1'),
      protocol: fc.constantFrom('tcp', 'udp'),
      mode: fc.constantFrom('host', 'ingress'),
    },
    { requiredKeys: ['target'], noNullPrototype: true },
  );
  const name = fc.constantFrom('a', 'b', 'c', 'constructor', 'base');
  const address = fc.constantFrom('127.0.0.1', '::1', '0.0.0.0');
  fc.assert(
    fc.property(fc.dictionary(name, fc.array(port, { maxLength: 4 })), address, (ports, bindAddress) => {
      const services = Object.entries(ports).map(([each, list]) => [each, { image: 'x', ports: list }]);
      const model = decodeModel({ services: Object.fromEntries(services) });
      const names = [...model.services.keys()];
      const asked = publishedPorts(model, names);
      const bindings = assignPorts(
        asked,
        'dynamic',
        asked.map((_, index) => 40_000 + index),
      );
      const more = { services: names, bindings, bindAddress };
      const json = arrange(model, sampleCatalogue, { ...wanted([]), ...more });
      const found = entries(json['services']).flatMap(([, service]) => asArray(asObject(service)?.['ports']));
      expect(found).toHaveLength(Object.values(ports).flat().length);
      expect(found.every((each) => asObject(each)?.['host_ip'] === bindAddress)).toBe(true);
      expect(new Set(found.map((each) => asObject(each)?.['published'])).size).toBe(found.length);
    }),
  );
});

test('a service without a network of its own joins the one that the others share', () => {
  const model = decodeModel({
    services: {
      a: { networks: { shared: null } },
      b: { networks: { shared: null } },
      own: { networks: { default: null } },
      apart: { networks: { private: null } },
      host: { network_mode: 'host' },
    },
  });
  const names = [...model.services.keys()];
  const json = arrange(model, sampleCatalogue, { ...wanted([]), services: names });
  expect(json['services']).toMatchObject({
    own: { networks: { default: null, shared: null } },
    apart: { networks: { private: null } },
  });
  expect(asObject(json['services'])?.['host']).not.toHaveProperty('networks');
});

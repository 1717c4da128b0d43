import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { endpointOf, groups, systemOf } from '../../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { sampleCatalogue } from './sample.ts';

test('groups list their systems in the order of the catalogue', () => {
  expect([...groups(sampleCatalogue)]).toEqual([
    ['core', ['base', 'queue']],
    ['data', ['store']],
  ]);
});

test('a service that no catalogue names has no endpoints and no probe', () => {
  expect(systemOf(sampleCatalogue, 'app')).toEqual({ name: 'app', title: 'app', endpoints: [], probe: [] });
  expect(systemOf(sampleCatalogue, 'base').probe).toHaveLength(1);
});

test('a check finds its endpoint, or nothing', () => {
  const check = { kind: 'http', path: '/', status: 200, system: 'queue', endpoint: 'queue' } as const;
  expect(endpointOf(sampleCatalogue, check)?.port).toBe(7002);
  expect(endpointOf(sampleCatalogue, { ...check, endpoint: 'other' })).toBeUndefined();
  expect(endpointOf(sampleCatalogue, { ...check, system: 'app' })).toBeUndefined();
});

/** The YAML blocks of the document that defines the catalogue. */
function documented(): readonly unknown[] {
  const text = readFileSync(new URL('../../docs/catalogue.md', import.meta.url), 'utf8');
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => parse(block ?? ''));
}

describe('the examples in the documentation', () => {
  const found = documented().flatMap((block) =>
    Object.entries(block as Record<string, unknown>).flatMap(([key, map]) =>
      key === 'x-paklog' ? [map] : [],
    ),
  );

  test('are there', () => {
    expect(found).toHaveLength(2);
  });

  test.each(found)('%# have no mistake', (map) => {
    expect(decodeCatalogue(map).problems).toEqual([]);
  });

  test('mean what the text says', () => {
    const { catalogue } = decodeCatalogue(found[0]);
    expect(systemOf(catalogue, 'orders')).toEqual({
      name: 'orders',
      title: 'Orders service',
      group: 'apps',
      endpoints: [
        {
          name: 'http',
          port: 8085,
          insidePort: 8085,
          url: 'http://{host}:{port}',
          output: 'orders-url',
          env: {
            default: { ORDERS_URL: '{url}' },
            spring: { ORDERS_HOST: '{host}', ORDERS_PORT: '{port}' },
          },
        },
      ],
      probe: [
        {
          kind: 'http',
          system: 'orders',
          endpoint: 'http',
          path: '/actuator/health',
          status: 200,
          body: /"status":"UP"/,
        },
      ],
    });
    const inputs = decodeCatalogue(found[1]).catalogue.inputs;
    expect(inputs.map(({ name, system, effect }) => [name, system, effect.kind])).toEqual([
      ['kafka-topics', 'kafka', 'exec'],
      ['mongodb-init', 'mongodb', 'mount'],
      ['mongodb-replica-set', 'mongodb', 'overlay'],
      ['tables', 'orders', 'send'],
      ['targets', 'orders', 'render'],
    ]);
  });
});

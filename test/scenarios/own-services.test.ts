import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ownStack, ownStackAlone } from './callers-files.ts';
import { withRedis } from './clients/databases.ts';
import { fetchText } from './clients/http.ts';
import { produce } from './clients/kafka.ts';
import { containersOf, runInNetwork, serviceOf } from './docker.ts';
import { type HeldStack, holdForTests, output, servicesOf } from './held-stack.ts';

const minutes = 60_000;

interface Timing {
  readonly service: string;
  readonly startedAt: number;
  readonly worksAt: number;
}

function timingOf(stack: HeldStack, service: string): Timing {
  const { systems } = JSON.parse(output(stack, 'timings')) as { systems: readonly Timing[] };
  const found = systems.find((each) => each.service === service);
  if (found === undefined) throw new Error(`no timing of ${service}`);
  return found;
}

describe("a caller's services on top of the stack", { timeout: minutes }, () => {
  const stack = holdForTests({ services: 'kafka, redis', 'compose-files': 'ci/compose.yaml' }, ownStack);

  test('take part beside what was asked for, and are in the output `services`', () => {
    const expected = ['kafka', 'orders-api', 'orders-consumer', 'redis', 'seed', 'zookeeper'];
    expect(Object.keys(servicesOf(stack())).sort()).toEqual(expected);
    expect(servicesOf(stack())['orders-api']?.endpoints['http']).toEqual({
      host: 'localhost',
      port: 8085,
      url: 'http://localhost:8085',
      network: { host: 'orders-api', port: 8085, url: 'http://orders-api:8085' },
    });
  });

  test("have their names exported, in each side's view", async () => {
    expect(stack().env['ORDERS_URL']).toBe('http://localhost:8085');
    expect(await readFile(output(stack(), 'network-env-file'), 'utf8')).toContain(
      'ORDERS_URL=http://orders-api:8085\n',
    );
  });

  test('reach Kafka inside the network: what the host sends arrives in the service', async () => {
    await produce(output(stack(), 'kafka-bootstrap-servers'), 'orders', { 'order-1': 'placed-on-the-host' });
    await vi.waitFor(
      async () => expect(await fetchText(stack().env['ORDERS_URL'] ?? '')).toContain('placed-on-the-host'),
      { timeout: 20_000, interval: 200 },
    );
  });

  test('find their relative paths where their own file stands', async () => {
    await vi.waitFor(
      async () =>
        expect(await fetchText(stack().env['ORDERS_URL'] ?? '')).toContain('"first come, first served"'),
      { timeout: 20_000, interval: 200 },
    );
  });

  test('wait for what they depend on, by its own means: probe, health check, or end', () => {
    const consumer = timingOf(stack(), 'orders-consumer');
    const api = timingOf(stack(), 'orders-api');
    expect(consumer.startedAt).toBeGreaterThanOrEqual(timingOf(stack(), 'kafka').worksAt);
    expect(api.startedAt).toBeGreaterThanOrEqual(consumer.worksAt);
    expect(api.startedAt).toBeGreaterThanOrEqual(timingOf(stack(), 'seed').worksAt);
  });

  test('may end: a one-shot service has done its work', async () => {
    const containers = await containersOf(output(stack(), 'project-name'));
    const seed = containers.find((each) => serviceOf(each) === 'seed');
    expect(seed?.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect(await withRedis(output(stack(), 'redis-url'), (redis) => redis.get('seeded'))).toBe('yes');
  });
});

describe("a caller's stack alone, with `services: none`", { timeout: minutes }, () => {
  const stack = holdForTests({ services: 'none', 'compose-files': 'ci/alone.yaml' }, ownStackAlone);

  test('has the services of the caller and no other', async () => {
    expect(Object.keys(servicesOf(stack())).sort()).toEqual(['cache', 'reader', 'seed']);
    expect(await containersOf(output(stack(), 'project-name'))).toHaveLength(3);
  });

  test('is judged by health check and exit code, and used by its exported name', async () => {
    expect(timingOf(stack(), 'seed').startedAt).toBeGreaterThanOrEqual(timingOf(stack(), 'cache').worksAt);
    expect(timingOf(stack(), 'reader').startedAt).toBeGreaterThanOrEqual(timingOf(stack(), 'seed').worksAt);
    expect(await withRedis(stack().env['CACHE_URL'] ?? '', (redis) => redis.get('seeded'))).toBe('yes');
  });

  test('has a network and names of its own for containers', async () => {
    const said = await runInNetwork(stack(), 'cache', ['sh', '-c', 'redis-cli -u "$CACHE_URL" get seeded']);
    expect(said).toBe('yes');
  });

  test('keeps its relative paths', async () => {
    expect(await readFile(join(stack().workspace, 'ci/app/motto.txt'), 'utf8')).toBe(
      'first come, first served\n',
    );
    expect(await withRedis(stack().env['CACHE_URL'] ?? '', (redis) => redis.get('motto'))).toBe(
      'first come, first served',
    );
  });
});

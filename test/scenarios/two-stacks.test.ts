import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaksOf } from '../runner/leaks.ts';
import { withRedis } from './clients/databases.ts';
import { consume, describe as describeKafka, produce } from './clients/kafka.ts';
import { containersOf, publishedPorts } from './docker.ts';
import { type HeldStack, holdStack, output } from './held-stack.ts';

const inputs = { services: 'kafka, redis', ports: 'dynamic' };
const minutes = 60_000;

describe('two stacks on one machine, with `ports: dynamic`', { timeout: minutes }, () => {
  let stacks: readonly { readonly name: string; readonly stack: HeldStack }[] = [];
  let leaks: () => Promise<string[]>;
  beforeAll(async () => {
    leaks = await leaksOf();
    const both = await Promise.allSettled([holdStack(inputs), holdStack(inputs)]);
    stacks = both.flatMap((each, index) =>
      each.status === 'fulfilled' ? [{ name: `stack ${index + 1}`, stack: each.value }] : [],
    );
    for (const each of both) if (each.status === 'rejected') throw each.reason;
  }, 6 * minutes);
  afterAll(async () => {
    await Promise.all(stacks.map(({ stack }) => stack.release()));
  }, 2 * minutes);

  test('share no port, project or network, and none is on its usual port', async () => {
    const ports = await Promise.all(
      stacks.map(async ({ stack }) => publishedPorts(await containersOf(output(stack, 'project-name')))),
    );
    const numbers = ports.flat().map(({ port }) => port);
    expect(numbers).toHaveLength(6);
    expect(new Set(numbers).size).toBe(6);
    expect(numbers.filter((port) => [2181, 6379, 9092].includes(port))).toEqual([]);
    expect(new Set(stacks.map(({ stack }) => output(stack, 'project-name'))).size).toBe(2);
    expect(new Set(stacks.map(({ stack }) => output(stack, 'network'))).size).toBe(2);
  });

  test('are used from outside at the same time, each with its own content', async () => {
    await Promise.all(
      stacks.map(async ({ name, stack }) => {
        const kafka = output(stack, 'kafka-bootstrap-servers');
        expect((await describeKafka(kafka)).brokers).toEqual([kafka]);
        await produce(kafka, 'orders', { order: name });
        await withRedis(output(stack, 'redis-url'), (redis) => redis.set('order', name));
      }),
    );
    for (const { name, stack } of stacks) await expectContent(stack, name);
  });

  test('are taken down one by one: the second works on when the first is gone', async () => {
    const [first, second] = stacks;
    if (first === undefined || second === undefined) throw new Error('two stacks were brought up');
    expect((await first.stack.release()).conclusion).toBe('success');
    await expect(expectContent(first.stack, first.name)).rejects.toThrow();
    await expectContent(second.stack, second.name);
    expect((await second.stack.release()).conclusion).toBe('success');
    expect(await leaks()).toEqual([]);
  });
});

async function expectContent(stack: HeldStack, name: string): Promise<void> {
  expect(await withRedis(output(stack, 'redis-url'), (redis) => redis.get('order'))).toBe(name);
  expect(await consume(output(stack, 'kafka-bootstrap-servers'), 'orders', 1)).toEqual({ order: name });
}

import { describe, expect, test } from 'vitest';
import { meaning, type Order, orders, schema, tables, wholeSum } from '../../smoke/core/pinot-orders.ts';

const now = 1_700_000_000_000;
const { offline, realtime } = orders(now);
const sum = (list: readonly Order[]) => list.reduce((all, { quantity }) => all + quantity, 0);

/** A day before the newest offline row, as Pinot draws it. */
const boundary = Math.max(...offline.map(({ placed }) => placed)) - 86_400_000;

describe('the sum of both halves', () => {
  const answered = {
    offline: sum(offline.filter(({ placed }) => placed <= boundary)),
    realtime: sum(realtime.filter(({ placed }) => placed > boundary)),
  };

  test('counts every order once', () => {
    expect(answered.offline + answered.realtime).toBe(wholeSum);
    expect(sum(offline) + sum(realtime)).toBeGreaterThan(wholeSum);
  });

  test.each([
    [0, 'neither half'],
    [answered.offline, 'the real-time half has nothing'],
    [sum(offline), 'the real-time half has nothing'],
    [answered.realtime, 'the offline half has nothing'],
    [sum(offline) + sum(realtime), 'counted twice'],
    [7, 'no known combination'],
  ])('%i tells: %s', (total, words) => {
    expect(meaning(total)).toContain(words);
  });
});

test('both halves are one table of one schema', () => {
  const made = tables('orders', 'topic', 'kafka:29092');
  expect(schema('orders').schemaName).toBe('orders');
  for (const half of [made.realtime, made.offline]) {
    expect(half.tableName).toBe('orders');
    expect(half.segmentsConfig.timeColumnName).toBe(schema('orders').dateTimeFieldSpecs[0]?.name);
  }
  expect(made.realtime.tableIndexConfig.streamConfigs).toMatchObject({
    'stream.kafka.topic.name': 'topic',
    'stream.kafka.broker.list': 'kafka:29092',
  });
});

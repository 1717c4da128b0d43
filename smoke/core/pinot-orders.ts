/** An order as the three systems that lead to Pinot's answer have it. */
export interface Order {
  readonly sku: string;
  readonly quantity: number;
  /** Milliseconds since 1970. */
  readonly placed: number;
}

const day = 86_400_000;

/**
 * The orders of a table with both halves. Of the days that both have, Pinot takes the newest offline one and all after it from
 * the real-time half: the time boundary is a day before the newest offline row. So the order `both` is in both halves
 * and has to be counted once, and every sum tells which half is missing.
 */
export function orders(now: number): {
  readonly offline: readonly Order[];
  readonly realtime: readonly Order[];
} {
  const old = { sku: 'offline', quantity: 1, placed: now - 10 * day };
  const both = { sku: 'both', quantity: 10, placed: now - 3 * day };
  const fresh = { sku: 'realtime', quantity: 100, placed: now };
  return { offline: [old, both], realtime: [both, fresh] };
}

/** The sum of quantities where every order is counted once. */
export const wholeSum = 111;

/** What a sum says of the halves that were asked. */
export function meaning(sum: number): string {
  const known: Readonly<Record<number, string>> = {
    0: 'neither half answers yet',
    1: 'the real-time half has nothing',
    11: 'the real-time half has nothing, and there is no time boundary',
    110: 'the offline half has nothing',
    121: 'an order that is in both halves was counted twice',
  };
  return known[sum] ?? 'no known combination of the two halves';
}

/** The schema of a table of orders. */
export function schema(table: string) {
  const placed = {
    name: 'placed',
    dataType: 'LONG',
    format: '1:MILLISECONDS:EPOCH',
    granularity: '1:MILLISECONDS',
  };
  return {
    schemaName: table,
    dimensionFieldSpecs: [{ name: 'sku', dataType: 'STRING' }],
    metricFieldSpecs: [{ name: 'quantity', dataType: 'INT' }],
    dateTimeFieldSpecs: [placed],
  };
}

/** The real-time half, which reads a topic from its beginning, and the offline half of a table of orders. */
export function tables(table: string, topic: string, brokers: string) {
  const common = {
    tableName: table,
    // Releases before Pinot 1 read the second number for real-time halves.
    segmentsConfig: { timeColumnName: 'placed', replication: '1', replicasPerPartition: '1' },
    tenants: { broker: 'DefaultTenant', server: 'DefaultTenant' },
    metadata: {},
  };
  // No consumer factory: Pinot's default is the Kafka plugin that its release comes with.
  const streamConfigs = {
    streamType: 'kafka',
    'stream.kafka.consumer.type': 'lowlevel',
    'stream.kafka.topic.name': topic,
    'stream.kafka.broker.list': brokers,
    'stream.kafka.decoder.class.name': 'org.apache.pinot.plugin.stream.kafka.KafkaJSONMessageDecoder',
    'stream.kafka.consumer.prop.auto.offset.reset': 'smallest',
  };
  return {
    realtime: { ...common, tableType: 'REALTIME', tableIndexConfig: { loadMode: 'MMAP', streamConfigs } },
    offline: { ...common, tableType: 'OFFLINE', tableIndexConfig: { loadMode: 'MMAP' } },
  };
}

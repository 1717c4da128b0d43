import { asArray } from '../../src/core/json.ts';
import { broken, eventually } from '../clients/http.ts';
import { createTopic, read, send } from '../clients/kafka.ts';
import { withMongo } from '../clients/mongodb.ts';
import { withRedis } from '../clients/redis.ts';
import { SpanKind, sendSpan } from '../clients/trace-senders.ts';
import { ask, expectAnswer, shown } from '../core/asking.ts';
import { BrokenPromise, type Check, endpointOf, type Stack } from '../core/check.ts';
import { type SpanIds, spanOf, traceparent } from '../core/traces.ts';
import { followToLogs, followToMetrics, followToTrace } from './grafana-links.ts';
import { expectLine, pushOtlp } from './loki.ts';
import { createTable, pinotNeeds, removeTable, select } from './pinot.ts';
import { expectSeries } from './prometheus.ts';
import { expectTrace } from './tempo.ts';

export const togetherChecks: readonly Check[] = [
  {
    id: 'together.order',
    system: 'together',
    promise:
      'One order goes from Kafka to MongoDB, Redis and Pinot, and its log, trace and metric lead to one another.',
    needs: [...pinotNeeds, 'redis', 'mongodb', 'prometheus', 'loki', 'tempo', 'grafana'],
    deadline: 90_000,
    run: async (stack, signal) => {
      const order = orderOf(stack);
      try {
        await place(stack, signal, order);
        const span = await take(stack, signal, order);
        await Promise.all([
          expectInPinot(stack, signal, order),
          expectObserved(stack, signal, order, span),
          expectLinks(stack, signal, order, span),
        ]);
      } finally {
        await removeTable(stack, order.topic);
      }
    },
  },
];

/** One order, and the two services that have to do with it. */
interface PlacedOrder {
  readonly sku: string;
  readonly quantity: number;
  readonly placed: number;
  /** The topic, and the table that reads it. */
  readonly topic: string;
  readonly shop: string;
  readonly warehouse: string;
  readonly line: string;
}

function orderOf({ id }: Stack): PlacedOrder {
  const sku = `order-${id}`;
  return {
    sku,
    quantity: 3,
    placed: Date.now(),
    topic: `smoke_together_${id}`,
    shop: `smoke-shop-${id}`,
    warehouse: `smoke-warehouse-${id}`,
    line: `${sku} reserved`,
  };
}

function span(stack: Stack, signal: AbortSignal, service: string, kind: SpanKind, parent?: SpanIds) {
  const { url } = endpointOf(stack, 'tempo', 'otlp-http');
  const sending = { protocol: 'otlp-http', url, service, name: 'order', kind } as const;
  return ask(`a span of ${service} to ${url}`, signal, () =>
    sendSpan(parent === undefined ? sending : { ...sending, parent }),
  );
}

/** The shop: has Pinot read the topic, and produces the order with the context of its span. */
async function place(stack: Stack, signal: AbortSignal, order: PlacedOrder): Promise<void> {
  const { url } = endpointOf(stack, 'kafka', 'kafka');
  const { sku, quantity, placed, topic, shop } = order;
  const headers = { traceparent: traceparent(await span(stack, signal, shop, SpanKind.PRODUCER)) };
  const message = { key: sku, value: JSON.stringify({ sku, quantity, placed }), headers };
  await ask(`the order ${sku} to the topic ${topic} at ${url}`, signal, async () => {
    await createTopic(url, topic);
    await send(url, topic, [message]);
  });
  await createTable(stack, signal, topic);
}

/** The warehouse: consumes the order, goes on with its trace, writes it down, caches it and says so. */
async function take(
  stack: Stack,
  signal: AbortSignal,
  { topic, sku, warehouse, line }: PlacedOrder,
): Promise<SpanIds> {
  const { url } = endpointOf(stack, 'kafka', 'kafka');
  const consuming = `the first message of the topic ${topic} at ${url}`;
  const [message] = await ask(consuming, signal, () => read(url, { topic, group: topic, count: 1 }));
  const { key = '', value = '', headers = {} } = message ?? {};
  const parent = spanOf(headers['traceparent']);
  if (parent === undefined || key !== sku)
    throw new BrokenPromise(`${consuming}, with the key ${sku} and a traceparent`, shown(message));
  const own = await span(stack, signal, warehouse, SpanKind.CONSUMER, parent);
  await Promise.all([
    keepInMongo(stack, signal, sku, value),
    keepInRedis(stack, signal, sku, value),
    pushOtlp(stack, signal, { service: warehouse, ...own, line }),
  ]);
  return own;
}

async function keepInMongo(stack: Stack, signal: AbortSignal, sku: string, value: string): Promise<void> {
  const { url } = endpointOf(stack, 'mongodb', 'mongodb');
  const found = await ask(`the order ${sku} into smoke_orders and out of it`, signal, () =>
    withMongo(url, async (client) => {
      const orders = client.db().collection<{ _id: string; value: string }>('smoke_orders');
      await orders.insertOne({ _id: sku, value });
      return orders.findOneAndDelete({ _id: sku });
    }),
  );
  expectAnswer(found?.value === value, `the order ${sku} out of smoke_orders`, found);
}

async function keepInRedis(stack: Stack, signal: AbortSignal, sku: string, value: string): Promise<void> {
  const { url } = endpointOf(stack, 'redis', 'redis');
  const found = await ask(`SET ${sku} and GET ${sku}`, signal, () =>
    withRedis(url, async (client) => {
      await client.set(sku, value, 'EX', 60);
      return client.get(sku);
    }),
  );
  expectAnswer(found === value, `GET ${sku}`, found);
}

async function expectInPinot(
  stack: Stack,
  signal: AbortSignal,
  { sku, quantity, topic }: PlacedOrder,
): Promise<void> {
  await eventually(signal, async () => {
    const { heard, rows } = await select(stack, signal, `SELECT quantity FROM ${topic} WHERE sku = '${sku}'`);
    if (asArray(rows[0])[0] !== quantity) throw broken(heard, `the order ${sku} is not there`);
  });
}

async function expectObserved(
  stack: Stack,
  signal: AbortSignal,
  { shop, warehouse, line }: PlacedOrder,
  { traceId }: SpanIds,
): Promise<void> {
  const metric = `traces_spanmetrics_calls_total{service="${warehouse}"}`;
  await Promise.all([
    expectLine(stack, signal, `{service_name="${warehouse}"} | trace_id="${traceId}"`, line),
    expectTrace(stack, signal, traceId, [shop, warehouse]),
    expectSeries(stack, signal, `${metric} >= 1`, 1),
  ]);
}

/** A person begins with the line of the log, goes to its trace, from there back to the logs, and to the metric. */
async function expectLinks(
  stack: Stack,
  signal: AbortSignal,
  { warehouse: service, line }: PlacedOrder,
  { traceId }: SpanIds,
): Promise<void> {
  await followToTrace(stack, signal, { service, line });
  await followToLogs(stack, signal, { traceId, service, line });
  await followToMetrics(stack, signal, { traceId, service });
}

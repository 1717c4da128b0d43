// The service on the systems that the environment names: there is no address in this file, and none in src/.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { startService } from '../src/service.js';
import { startTelemetry } from '../src/telemetry.js';

const { KAFKA_BOOTSTRAP_SERVERS, LOKI_URL, TEMPO_URL } = process.env;
const client = { clientId: 'test', bootstrapBrokers: [KAFKA_BOOTSTRAP_SERVERS] };
let telemetry;
let service;
let producer;

before(async () => {
  telemetry = startTelemetry();
  service = await startService(process.env, 0);
  producer = new Producer({ ...client, serializers: stringSerializers });
});

after(async () => {
  await producer?.close();
  await service?.close();
  await telemetry.shutdown();
});

test('an order takes what it needs from the stock', async () => {
  const sku = `SKU-${randomUUID()}`;
  assert.equal(await available(sku), undefined);
  await deliver(sku, 10);
  assert.equal(await available(sku), 10);
  await placeOrder(sku, 3);
  await eventually(async () => assert.equal(await available(sku), 7));
});

test('an order of more than there is takes nothing, and is told so', async () => {
  const sku = `SKU-${randomUUID()}`;
  await deliver(sku, 2);
  const orders = [await placeOrder(sku, 3), await placeOrder(sku, 2)];
  const answers = await answersTo(orders);
  assert.deepEqual(answers, { [orders[0]]: false, [orders[1]]: true });
  assert.equal(await available(sku), 0);
});

test('the trace of an order goes on in the service, and its line carries it', async () => {
  const traceId = randomBytes(16).toString('hex');
  const sku = `SKU-${randomUUID()}`;
  await placeOrder(sku, 1, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await eventually(async () => {
    const found = await ask(`${TEMPO_URL}/api/traces/${traceId}`);
    assert.match(found, /orders\.placed process/);
  });
  const query = `{service_name="inventory"} | trace_id="${traceId}"`;
  await eventually(async () => {
    const found = await ask(`${LOKI_URL}/loki/api/v1/query_range?${new URLSearchParams({ query })}`);
    assert.match(found, new RegExp(`1 of ${sku} not in stock`));
  });
});

async function deliver(sku, quantity) {
  const response = await fetch(`${service.url}/stock/${sku}`, {
    method: 'PUT',
    body: JSON.stringify({ quantity }),
  });
  assert.equal(response.status, 200, await response.text());
}

async function available(sku) {
  return (await (await fetch(`${service.url}/stock/${sku}`)).json()).available;
}

async function placeOrder(sku, quantity, headers = {}) {
  const orderId = randomUUID();
  const value = JSON.stringify({ orderId, sku, quantity });
  // One key for all, so that they stay in order.
  await producer.send({ messages: [{ topic: 'orders.placed', key: sku, value, headers }] });
  return orderId;
}

/** Reads the answers as another service would, in a group of its own, until all orders have one. */
async function answersTo(orders) {
  const group = `test-${randomUUID()}`;
  const consumer = new Consumer({ ...client, groupId: group, deserializers: stringDeserializers });
  const answers = {};
  try {
    const stream = await consumer.consume({ topics: ['stock.answers'], mode: 'earliest' });
    for await (const { key, value } of stream) {
      if (orders.includes(key)) answers[key] = JSON.parse(value).reserved;
      if (Object.keys(answers).length === orders.length) break;
    }
  } finally {
    await consumer.close(true);
  }
  return answers;
}

async function ask(url) {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return response.text();
}

/** Tries until the assertion holds; after a minute its failure is the test's. */
async function eventually(assertion) {
  for (let tries = 1; ; tries++) {
    try {
      return await assertion();
    } catch (error) {
      if (tries === 240) throw error;
      await sleep(250);
    }
  }
}

import { asArray, asObject } from '../../src/core/json.ts';
import { broken, eventually, type Heard, httpJson, httpOk } from '../clients/http.ts';
import { createTopic, removeTopic, send } from '../clients/kafka.ts';
import { ask } from '../core/asking.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';
import { meaning, type Order, orders, schema, tables, wholeSum } from '../core/pinot-orders.ts';

export const pinotNeeds = ['pinot-controller', 'pinot-broker', 'pinot-server', 'kafka'];

export const pinotChecks: readonly Check[] = [
  {
    id: 'pinot.hybrid-table',
    system: 'pinot',
    promise: 'One sum through the broker sees what a table reads from Kafka and an offline segment of it.',
    needs: pinotNeeds,
    deadline: 60_000,
    run: async (stack, signal) => {
      const table = `smoke_${stack.id}`;
      const made = orders(Date.now());
      await produce(stack, signal, table, made.realtime);
      try {
        await createTable(stack, signal, table);
        await addSegment(stack, signal, table, made.offline);
        await expectWhole(stack, signal, table);
      } finally {
        await removeTable(stack, table);
      }
    },
  },
];

function produce(stack: Stack, signal: AbortSignal, topic: string, made: readonly Order[]): Promise<void> {
  const { url } = endpointOf(stack, 'kafka', 'kafka');
  const messages = made.map((order) => ({ key: order.sku, value: JSON.stringify(order) }));
  return ask(`${messages.length} orders to the topic ${topic} at ${url}`, signal, async () => {
    await createTopic(url, topic);
    await send(url, topic, messages);
  });
}

function controller(stack: Stack): string {
  return endpointOf(stack, 'pinot-controller', 'http').url;
}

/** Creates the schema of a table, and the half of it that reads the topic of the same name. */
export async function createTable(stack: Stack, signal: AbortSignal, table: string): Promise<void> {
  const brokers = endpointOf(stack, 'kafka', 'kafka').network.url;
  const { realtime } = tables(table, table, brokers);
  await httpOk(`${controller(stack)}/schemas`, signal, { json: schema(table) });
  await httpOk(`${controller(stack)}/tables`, signal, { json: realtime });
}

/** Creates the offline half, and has the controller build a segment of it and hand it to a server. */
async function addSegment(
  stack: Stack,
  signal: AbortSignal,
  table: string,
  made: readonly Order[],
): Promise<void> {
  const { offline } = tables(table, table, '');
  await httpOk(`${controller(stack)}/tables`, signal, { json: offline });
  const body = new FormData();
  body.set('file', new Blob([made.map((order) => JSON.stringify(order)).join('\n')]), 'orders.json');
  const query = new URLSearchParams({
    tableNameWithType: `${table}_OFFLINE`,
    batchConfigMapStr: JSON.stringify({ inputFormat: 'json' }),
  });
  await httpOk(`${controller(stack)}/ingestFromFile?${query}`, signal, { body });
}

async function expectWhole(stack: Stack, signal: AbortSignal, table: string): Promise<void> {
  await eventually(signal, async () => {
    const { heard, rows } = await select(stack, signal, `SELECT SUM(quantity), COUNT(*) FROM ${table}`);
    const [sum = 0] = asArray(rows[0]).map(Number);
    if (sum !== wholeSum) throw broken(heard, `the sum is ${sum} instead of ${wholeSum}, ${meaning(sum)}`);
  });
}

/** The rows of the broker's answer to a query. */
export async function select(
  stack: Stack,
  signal: AbortSignal,
  sql: string,
): Promise<{ readonly heard: Heard; readonly rows: readonly unknown[] }> {
  const url = `${endpointOf(stack, 'pinot-broker', 'http').url}/query/sql`;
  const { heard, json } = await httpJson(url, signal, { json: { sql } });
  const answer = asObject(json) ?? {};
  if (asArray(answer['exceptions']).length > 0) throw broken(heard, 'the broker could not answer');
  return { heard, rows: asArray(asObject(answer['resultTable'])?.['rows']) };
}

/**
 * Takes a table and its topic back, in two seconds or not at all: what stays breaks no promise, and the systems may be gone.
 */
export async function removeTable(stack: Stack, table: string): Promise<void> {
  const signal = AbortSignal.timeout(2000);
  const remove = (path: string) => httpOk(`${controller(stack)}${path}`, signal, { method: 'DELETE' });
  const { url } = endpointOf(stack, 'kafka', 'kafka');
  await ask(`the removal of ${table}`, signal, async () => {
    await remove(`/tables/${table}`);
    await remove(`/schemas/${table}`);
    await removeTopic(url, table);
  }).catch(() => undefined);
}

import { expect, vi } from 'vitest';
import { fetchJson, fetchText, postJson } from './http.ts';

const orders = [
  { sku: 'A-1', quantity: 2, placed: 1_700_000_000_000 },
  { sku: 'B-2', quantity: 3, placed: 1_700_000_001_000 },
  { sku: 'A-1', quantity: 5, placed: 1_700_000_002_000 },
];

/** Creates schema and offline table through the controller, and has it build a segment of three orders. */
export async function createOrders(controller: string, table: string): Promise<void> {
  await postJson(`${controller}/schemas`, {
    schemaName: table,
    dimensionFieldSpecs: [{ name: 'sku', dataType: 'STRING' }],
    metricFieldSpecs: [{ name: 'quantity', dataType: 'INT' }],
    dateTimeFieldSpecs: [
      { name: 'placed', dataType: 'LONG', format: '1:MILLISECONDS:EPOCH', granularity: '1:MILLISECONDS' },
    ],
  });
  await postJson(`${controller}/tables`, {
    tableName: table,
    tableType: 'OFFLINE',
    segmentsConfig: { schemaName: table, timeColumnName: 'placed', replication: '1' },
    tenants: { broker: 'DefaultTenant', server: 'DefaultTenant' },
    tableIndexConfig: { loadMode: 'MMAP' },
    metadata: {},
  });
  const form = new FormData();
  form.set('file', new Blob([orders.map((order) => JSON.stringify(order)).join('\n')]), 'orders.json');
  const query = new URLSearchParams({
    tableNameWithType: `${table}_OFFLINE`,
    batchConfigMapStr: JSON.stringify({ inputFormat: 'json' }),
  });
  await fetchText(`${controller}/ingestFromFile?${query}`, { method: 'POST', body: form });
}

/** Asks the broker in SQL until the orders are all there: the answer has been through controller, server and broker. */
export async function expectOrders(broker: string, table: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const sql = `SELECT sku, SUM(quantity) FROM ${table} GROUP BY sku ORDER BY sku`;
      const answer = JSON.parse(await postJson(`${broker}/query/sql`, { sql })) as {
        readonly resultTable?: { readonly rows: unknown };
      };
      expect(answer.resultTable?.rows, JSON.stringify(answer)).toEqual([
        ['A-1', 7],
        ['B-2', 3],
      ]);
    },
    { timeout: 30_000, interval: 250 },
  );
}

/** The server's own list of the tables it serves. */
export async function expectServed(server: string, table: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await fetchJson(`${server}/tables`)).toMatchObject({
        tables: expect.arrayContaining([`${table}_OFFLINE`]),
      }),
    { timeout: 30_000, interval: 250 },
  );
}

import { createServer, type Server } from 'node:http';
import { Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fetchJson, postJson } from './clients/http.ts';
import { produce } from './clients/kafka.ts';
import { expectSeries } from './clients/observability.ts';
import { holdForTests, output } from './held-stack.ts';

const minutes = 60_000;
const port = 18_081;

const schema = {
  schemaName: 'orders',
  dimensionFieldSpecs: [{ name: 'sku', dataType: 'STRING' }],
  dateTimeFieldSpecs: [
    { name: 'placed', dataType: 'LONG', format: '1:MILLISECONDS:EPOCH', granularity: '1:MILLISECONDS' },
  ],
};
const table = {
  tableName: 'orders',
  tableType: 'REALTIME',
  segmentsConfig: { timeColumnName: 'placed', replication: '1', replicasPerPartition: '1' },
  tenants: { broker: 'DefaultTenant', server: 'DefaultTenant' },
  tableIndexConfig: {
    loadMode: 'MMAP',
    streamConfigs: {
      streamType: 'kafka',
      'stream.kafka.consumer.type': 'lowlevel',
      'stream.kafka.topic.name': 'orders',
      'stream.kafka.broker.list': 'kafka:29092',
      'stream.kafka.decoder.class.name': 'org.apache.pinot.plugin.stream.kafka.KafkaJSONMessageDecoder',
      'stream.kafka.consumer.prop.auto.offset.reset': 'smallest',
    },
  },
  metadata: {},
};
const dashboard = { uid: 'callers-orders', title: 'Orders', schemaVersion: 39, panels: [] };

/** A service under test on the runner, as Prometheus sees it: on an address that containers reach. */
let service: Server | undefined;
beforeAll(async () => {
  service = createServer((request, response) =>
    response.end(request.url === '/prom' ? 'callers_orders_total 7\n' : ''),
  );
  await new Promise<void>((resolve) => service?.listen(port, '0.0.0.0', resolve));
});
afterAll(() => new Promise((resolve) => service?.close(resolve)));

describe('a stack after its inputs', { timeout: minutes }, () => {
  const stack = holdForTests(
    {
      services: 'kafka, analytics, observability',
      'kafka-topics': 'orders:2 retention.ms=60000 cleanup.policy=compact,delete\nreturns',
      // The table first: the action knows the order.
      'pinot-tables': 'pinot/table.json\npinot/schema.json',
      'grafana-dashboards': 'dashboards/orders.json',
      'prometheus-targets': `orders=host.docker.internal:${port}/prom\nlogs=loki:3100`,
    },
    {
      'pinot/schema.json': JSON.stringify(schema),
      'pinot/table.json': JSON.stringify(table),
      'dashboards/orders.json': JSON.stringify(dashboard),
    },
  );

  test('`kafka-topics` have the settings that their lines give, and no others', async () => {
    const admin = new Admin({
      clientId: 's',
      bootstrapBrokers: [output(stack(), 'kafka-bootstrap-servers')],
    });
    const resource = (resourceName: string) => ({
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName,
      configurationKeys: ['retention.ms', 'cleanup.policy'],
    });
    const described = await admin.describeConfigs({ resources: [resource('orders'), resource('returns')] });
    await admin.close();
    const settings = described.map(({ configs }) =>
      Object.fromEntries(configs.map(({ name, value }) => [name, value])),
    );
    expect(settings).toEqual([
      { 'retention.ms': '60000', 'cleanup.policy': 'compact,delete' },
      { 'retention.ms': '604800000', 'cleanup.policy': 'delete' },
    ]);
  });

  test('`pinot-tables` are there, and fill from their topic', async () => {
    const placed = Date.now();
    const message = JSON.stringify({ sku: 'A-1', placed });
    await produce(output(stack(), 'kafka-bootstrap-servers'), 'orders', { a: message });
    const url = `${output(stack(), 'pinot-broker-url')}/query/sql`;
    await vi.waitFor(
      async () => {
        const answer = await postJson(url, { sql: 'SELECT sku, COUNT(*) FROM orders GROUP BY sku' });
        expect(JSON.parse(answer), answer).toMatchObject({ resultTable: { rows: [['A-1', 1]] } });
      },
      { timeout: 30_000, interval: 250 },
    );
  });

  test('`grafana-dashboards` are provisioned beside the stack’s own', async () => {
    const headers = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` };
    const grafana = output(stack(), 'grafana-url');
    await vi.waitFor(
      async () => {
        const found = await fetchJson(`${grafana}/api/search?type=dash-db`, { headers });
        expect(found).toMatchObject([{ uid: 'callers-orders' }, { uid: 'paklog-stack' }]);
      },
      { timeout: 20_000, interval: 250 },
    );
    const one = await fetchJson(`${grafana}/api/dashboards/uid/callers-orders`, { headers });
    expect(one).toMatchObject({ meta: { provisioned: true, folderTitle: 'PakLog' } });
  });

  test('`prometheus-targets` are scraped, on the runner and in the network', async () => {
    const prometheus = output(stack(), 'prometheus-url');
    await expectSeries(prometheus, 'callers_orders_total{job="orders"} == 7', 1);
    await expectSeries(prometheus, 'up{job="logs"} == 1', 1);
  });
});

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { stackImage } from '../callers-files.ts';
import { docker, runInNetwork } from '../docker.ts';
import { type HeldStack, output, type Services, servicesOf } from '../held-stack.ts';
import { askZooKeeper, withMongo, withRedis } from './databases.ts';
import { consume, describe, produce } from './kafka.ts';
import { expectLine, expectSeries, logIn, pushAndFindLine, writeAndFindSample } from './observability.ts';
import { createOrders, expectOrders, expectServed } from './pinot.ts';
import { expectInTempo, postJaeger, postOtlp, postZipkin, sendByGrpc, sendByHttp } from './traces.ts';

/** Uses an output as its reader would, and fails when that does not work. */
type Client = (value: string, stack: HeldStack) => Promise<void>;

/** A client for every output of the action, by the output's name. */
export const clients: Readonly<Record<string, Client>> = {
  'zookeeper-connect': async (address) => {
    expect(await askZooKeeper(address, 'srvr')).toContain('Mode: standalone');
  },
  'kafka-bootstrap-servers': async (address) => {
    const messages = { 'order-1': 'placed', 'order-2': 'packed' };
    const topic = `orders-${randomUUID()}`;
    await produce(address, topic, messages);
    expect(await consume(address, topic, 2)).toEqual(messages);
    expect((await describe(address)).brokers).toEqual([address]);
  },
  'redis-url': (url) =>
    withRedis(url, async (redis) => {
      await redis.set('order', 'placed', 'EX', 60);
      expect(await redis.get('order')).toBe('placed');
      expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    }),
  'mongodb-uri': (uri) =>
    withMongo(uri, async (client) => {
      const orders = client.db().collection('orders');
      const { insertedId } = await orders.insertOne({ sku: 'A-1', quantity: 2 });
      expect(await orders.findOne({ _id: insertedId })).toMatchObject({ sku: 'A-1', quantity: 2 });
      expect(await client.db('cartonization').collection('cartons').countDocuments()).toBe(3);
    }),
  'pinot-controller-url': async (controller, stack) => {
    const table = newTable();
    await createOrders(controller, table);
    await expectOrders(output(stack, 'pinot-broker-url'), table);
  },
  'pinot-broker-url': async (broker, stack) => {
    const table = newTable();
    await createOrders(output(stack, 'pinot-controller-url'), table);
    await expectOrders(broker, table);
  },
  'pinot-server-url': async (server, stack) => {
    const table = newTable();
    await createOrders(output(stack, 'pinot-controller-url'), table);
    await expectServed(server, table);
  },
  // Post fills it and uploads it; evidence.test.ts reads both.
  'logs-path': async (folder, stack) => {
    expect(folder).toMatch(new RegExp(`^/.*/${output(stack, 'project-name')}$`));
  },
  'logs-artifact': async (name) => {
    expect(name).toMatch(/^infra-logs-test-1-[0-9a-f]{4}$/);
  },
  'prometheus-url': async (prometheus) => {
    await writeAndFindSample(prometheus);
    await expectSeries(prometheus, 'up{job=~"prometheus|loki|tempo|grafana"} == 1', 4);
  },
  'loki-url': pushAndFindLine,
  'tempo-url': async (tempo, stack) =>
    expectInTempo(tempo, await postOtlp(`${output(stack, 'otlp-http-endpoint')}/v1/traces`)),
  'otlp-grpc-endpoint': async (endpoint, stack) =>
    expectInTempo(output(stack, 'tempo-url'), await sendByGrpc(endpoint)),
  'otlp-http-endpoint': async (endpoint, stack) =>
    expectInTempo(output(stack, 'tempo-url'), await sendByHttp(endpoint)),
  'zipkin-endpoint': async (url, stack) => expectInTempo(output(stack, 'tempo-url'), await postZipkin(url)),
  'jaeger-endpoint': async (url, stack) => expectInTempo(output(stack, 'tempo-url'), await postJaeger(url)),
  'grafana-url': async (grafana, stack) => {
    const session = { headers: { cookie: await logIn(grafana) } };
    const proxy = `${grafana}/api/datasources/proxy/uid`;
    await expectSeries(`${proxy}/prometheus`, 'up{job="prometheus"} == 1', 1, session);
    await pushAndFindLine(output(stack, 'loki-url'));
    await expectLine(`${proxy}/loki`, '{job="scenario"}', 'placed', session);
  },
  services: async (text, stack) => {
    const services = JSON.parse(text) as Services;
    expect(Object.keys(services)).toHaveLength(11);
    const endpoints = Object.entries(services).flatMap(([service, each]) => {
      expect(each.image).toBe(stackImage(service));
      return Object.values(each.endpoints).map((endpoint) => ({ service, ...endpoint }));
    });
    expect(endpoints).toHaveLength(17);
    for (const { service, host, port, url, network } of endpoints) {
      expect(url).toContain(`${host}:${port}`);
      expect(network.host).toBe(service);
      expect(network.url).toContain(`${service}:${network.port}`);
    }
    // Between containers no proxy of Docker's accepts in a system's place.
    const knocks = endpoints.map(({ network }) => `: < /dev/tcp/${network.host}/${network.port}`);
    await runInNetwork(stack, 'kafka', ['bash', '-ec', knocks.join('\n')]);
  },
  'env-file': async (file, stack) => {
    // A program that gets its environment from the file alone.
    const program = 'console.log(process.env.KAFKA_BOOTSTRAP_SERVERS, process.env.SPRING_DATA_MONGODB_URI)';
    const { output: printed } = await stack.exec([
      'env',
      '-i',
      process.execPath,
      `--env-file=${file}`,
      '--eval',
      program,
    ]);
    const [kafka = '', mongodb = ''] = printed.split(' ');
    expect((await describe(kafka)).brokers).toEqual([kafka]);
    await withMongo(mongodb, async (client) => expect(client.options.dbName).toBe('paklog'));
  },
  'network-env-file': async (file, stack) => {
    expect(await readFile(file, 'utf8')).not.toContain('localhost');
    expect(await runInNetwork(stack, 'redis', ['sh', '-c', 'redis-cli -u "$REDIS_URL" ping'])).toBe('PONG');
  },
  network: async (network) => {
    expect(await docker('network', 'inspect', '--format', '{{len .Containers}}', network)).toBe('11');
  },
  'project-name': async (project) => {
    const listed = JSON.parse(await docker('compose', 'ls', '--format', 'json')) as readonly unknown[];
    expect(listed).toContainEqual(expect.objectContaining({ Name: project, Status: 'running(11)' }));
  },
  // Every image was on the machine; image-cache.test.ts has the other answer.
  'cache-hit': async (hit) => {
    expect(hit).toBe('false');
  },
  timings: async (text, stack) => {
    const { systems, images } = JSON.parse(text) as {
      systems: readonly { service: string; startedAt: number; worksAt: number }[];
      images: readonly { image: string; origin: string }[];
    };
    const used = Object.values(servicesOf(stack)).map(({ image }) => image);
    expect(images.map(({ image }) => image).sort()).toEqual([...new Set(used)].sort());
    expect(systems.map(({ service }) => service).sort()).toEqual(Object.keys(servicesOf(stack)).sort());
    const of = (name: string) => systems.find(({ service }) => service === name);
    for (const { startedAt, worksAt } of systems) expect(worksAt).toBeGreaterThan(startedAt);
    expect(of('kafka')?.startedAt).toBeGreaterThanOrEqual(of('zookeeper')?.worksAt ?? Number.NaN);
  },
};

function newTable(): string {
  return `orders_${randomUUID().slice(0, 8)}`;
}

import { execFile } from 'node:child_process';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asArray, asObject, asString, type Json } from '../../src/core/json.ts';
import { at, composeDir, ports, service, services } from '../core/stack-file.ts';

// The stack as a person starts it who has Docker Compose and nothing else.

const run = promisify(execFile);
const names = [...services.keys()];
const project = `stack-verify-${process.pid}`;
const published = new Map<number, number>();

async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', args, {
    maxBuffer: 2 ** 26,
    env: { ...process.env, ...variables() },
  });
  return stdout.trim();
}

function compose(...args: readonly string[]): Promise<string> {
  return docker('compose', '-p', project, '-f', join(composeDir, 'compose.yaml'), ...args);
}

function variables(): Readonly<Record<string, string>> {
  const pairs = names.flatMap((name) =>
    ports(name).map(({ target }) => [
      `PAKLOG_PORT_${name.toUpperCase().replaceAll('-', '_')}_${target}`,
      String(published.get(target) ?? target),
    ]),
  );
  return Object.fromEntries(pairs);
}

/** Takes a free port of the host for every published one, so that nothing else on this machine is in the way. */
async function chooseFreePorts(): Promise<void> {
  const targets = names.flatMap((name) => ports(name).map(({ target }) => target));
  const held = await Promise.all(targets.map(async (target) => ({ target, ...(await holdFreePort()) })));
  for (const { target, port } of held) published.set(target, port);
  await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
}

async function holdFreePort(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function get(port: number, path: string): Promise<{ status: number; json: unknown }> {
  const headers = { authorization: `Basic ${btoa('admin:admin')}` };
  const answer = await fetch(`http://127.0.0.1:${published.get(port)}${path}`, { headers });
  const text = await answer.text();
  return { status: answer.status, json: /^[[{]/.test(text) ? JSON.parse(text) : text };
}

/** Asks again until the answer is as wanted, or the test's own time is over. */
async function eventually(ask: () => Promise<unknown>, wanted: unknown): Promise<void> {
  await expect.poll(ask, { timeout: 40_000, interval: 500 }).toEqual(wanted);
}

async function missingImage(): Promise<string> {
  for (const name of names) {
    const image = asString(service(name)['image']) ?? '';
    const found = await run('docker', ['image', 'inspect', image]).then(
      () => true,
      () => false,
    );
    if (!found) return ` (skipped: ${image} is not on this machine)`;
  }
  return '';
}

const why = await missingImage();

describe.skipIf(why !== '')(`docker compose up -d --wait${why}`, () => {
  beforeAll(async () => {
    await chooseFreePorts();
    await compose('up', '-d', '--wait', '--wait-timeout', '280');
  }, 300_000);

  afterAll(async () => {
    await compose('down', '-v', '--timeout', '10');
    const label = `label=com.docker.compose.project=${project}`;
    for (const kind of ['container', 'network', 'volume']) {
      expect(await docker(kind, 'ls', '-q', '--filter', label, ...(kind === 'container' ? ['-a'] : []))).toBe(
        '',
      );
    }
  }, 120_000);

  test('all eleven are healthy', async () => {
    const rows = (await compose('ps', '--format', 'json')).split('\n').map((line): Json => JSON.parse(line));
    const health = Object.fromEntries(rows.map((row) => [row['Service'], row['Health']]));
    expect(health).toEqual(Object.fromEntries(names.map((name) => [name, 'healthy'])));
  });

  test('together they take less than 4 GB', async () => {
    const ids = (await compose('ps', '-q')).split('\n');
    const lines = (await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', ...ids)).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.reduce((sum, line) => sum + mebibytes(line), 0)).toBeLessThan(4096);
  }, 30_000);

  test('MongoDB has the databases, and lets their users in', async () => {
    const script = 'db.cartons.countDocuments() + " " + db.packing_solutions.getIndexes().length';
    const uri = 'mongodb://cartonization_user:cartonization_pass@127.0.0.1/cartonization';
    const answer = await compose('exec', '-T', 'mongodb', 'mongosh', '--quiet', uri, '--eval', script);
    expect(answer).toBe('3 4');
  }, 30_000);

  test('MongoDB takes a valid document, and refuses an invalid one and a second of the same sku', async () => {
    const script = `
      const write = (sku) => {
        try {
          return db.products.insertOne({ sku, title: 'Tea', createdAt: new Date(), updatedAt: new Date() }).acknowledged;
        } catch (error) {
          return /duplicate key/i.test(error.message) ? 'duplicate' : 'invalid';
        }
      };
      [write('a'), write('a'), write(5)].join(' ')`;
    const uri = 'mongodb://productcatalog:productcatalog123@127.0.0.1/productcatalog';
    const answer = await compose('exec', '-T', 'mongodb', 'mongosh', '--quiet', uri, '--eval', script);
    expect(answer).toBe('true duplicate invalid');
  }, 30_000);

  test('MongoDB lets nobody in with a wrong password', async () => {
    const uri = 'mongodb://admin:wrong@127.0.0.1/admin';
    const refused = compose('exec', '-T', 'mongodb', 'mongosh', '--quiet', uri, '--eval', 'db.hello()');
    await expect(refused).rejects.toThrow(/[Aa]uthentication failed/);
  }, 30_000);

  test('every target of Prometheus is up', async () => {
    const up = async () => {
      const { json } = await get(9090, '/api/v1/query?query=up');
      const results = asArray(at(json, 'data', 'result'));
      const lines = results.map(
        (each) => `${at(each, 'metric', 'instance')} ${asArray(at(each, 'value'))[1]}`,
      );
      return lines.toSorted();
    };
    await eventually(up, ['grafana:3000 1', 'loki:3100 1', 'prometheus:9090 1', 'tempo:3200 1']);
  }, 60_000);

  test.each(['prometheus/-/ready', 'loki/ready', 'tempo/ready'])(
    'Grafana reaches %s',
    async (path) => {
      await eventually(async () => (await get(3000, `/api/datasources/proxy/uid/${path}`)).status, 200);
    },
    60_000,
  );

  test('Grafana has the MongoDB data source and the dashboard', async () => {
    expect((await get(3000, '/api/datasources/uid/mongodb')).json).toMatchObject({ name: 'MongoDB' });
    const dashboard = async () =>
      at((await get(3000, '/api/dashboards/uid/paklog-stack')).json, 'dashboard', 'title');
    await eventually(dashboard, 'PakLog stack');
  }, 60_000);

  test('Pinot has one controller, broker and server, under the names of their services', async () => {
    const { json } = await get(9000, '/instances');
    expect(asArray(asObject(json)?.['instances']).toSorted()).toEqual([
      'Broker_pinot-broker_8099',
      'Controller_pinot-controller_9000',
      'Server_pinot-server_8098',
    ]);
  });

  test('a topic is created inside Kafka as the catalogue says', async () => {
    const command = ['kafka-topics', '--bootstrap-server', 'kafka:29092'];
    const create = ['--create', '--if-not-exists', '--topic', 'orders', '--partitions', '3'];
    await compose('exec', '-T', '-e', 'KAFKA_HEAP_OPTS=-Xmx128m', 'kafka', ...command, ...create);
    const list = await compose('exec', '-T', '-e', 'KAFKA_HEAP_OPTS=-Xmx128m', 'kafka', ...command, '--list');
    expect(list.split('\n')).toContain('orders');
  }, 60_000);
});

function mebibytes(usage: string): number {
  const [, number, unit = ''] = /^([\d.]+)([KMG])iB/.exec(usage) ?? [];
  const factors: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024 };
  return Number(number) * (factors[unit] ?? Number.NaN);
}

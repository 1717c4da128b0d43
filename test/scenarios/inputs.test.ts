import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNot } from '../images/standins.ts';
import { stepOf } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import { image as redisImage, uniqueName } from './caller-stack.ts';
import { stackImage } from './callers-files.ts';
import { withMongo, withRedis } from './clients/databases.ts';
import { describe as describeKafka } from './clients/kafka.ts';
import { containersOf, docker, haveImage, publishedPorts, serviceOf } from './docker.ts';
import { promisedEnvironment } from './environment-table.ts';
import { holdForTests, holdStack, output, servicesOf } from './held-stack.ts';

const minutes = 60_000;

/** The second script counts what the first and the stack's own have left, so that order and place are seen. */
const initScripts = {
  'ci/mongodb/b-first.js':
    "db.getSiblingDB('ledger').createCollection('entries'); db.getSiblingDB('ledger').entries.insertOne({ step: 1 });\n",
  'ci/mongodb/a-second.js': `const ledger = db.getSiblingDB('ledger');
const cartons = db.getSiblingDB('cartonization').cartons.countDocuments();
ledger.entries.insertOne({ step: ledger.entries.countDocuments() + 1, cartons });
`,
};

describe('a stack after its inputs', { timeout: minutes }, () => {
  const project = uniqueName();
  const mongodbImage = `${project}/mongo:of-the-caller`;
  beforeAll(async () => {
    await haveImage(stackImage('mongodb'));
    await docker('tag', stackImage('mongodb'), mongodbImage);
  }, 5 * minutes);
  const inputs = {
    services: 'core, !redis',
    'project-name': project,
    'bind-address': '127.0.0.3',
    'advertise-host': '127.0.0.3',
    images: `mongodb: ${mongodbImage}`,
    'export-env': 'spring',
    'kafka-topics': 'orders:3\nreturns',
    'mongodb-init': 'ci/mongodb/b-first.js\nci/mongodb/a-second.js',
  };
  const stack = holdForTests(inputs, initScripts);
  // Runs before the stack goes, and takes only the name: the image has another.
  afterAll(async () => void (await docker('rmi', mongodbImage)));

  test('`services` with a group and `!name`: what is left out is not there', async () => {
    const expected = ['kafka', 'mongodb', 'zookeeper'];
    expect(Object.keys(servicesOf(stack())).sort()).toEqual(expected);
    expect((await containersOf(project)).map(serviceOf).sort()).toEqual(expected);
    expect(stack().outputs['redis-url']).toBeUndefined();
  });

  test('`project-name` is the project, of containers and network', async () => {
    expect(output(stack(), 'project-name')).toBe(project);
    expect(output(stack(), 'network')).toBe(`${project}_paklog-network`);
  });

  test('`bind-address` is the only address, and `advertise-host` is in every URL', async () => {
    const ports = publishedPorts(await containersOf(project));
    expect(ports.map(({ address, port }) => `${address}:${port}`).sort()).toEqual([
      '127.0.0.3:2181',
      '127.0.0.3:27017',
      '127.0.0.3:9092',
    ]);
    expect(output(stack(), 'zookeeper-connect')).toBe('127.0.0.3:2181');
    expect(output(stack(), 'mongodb-uri')).toBe(
      'mongodb://admin:password@127.0.0.3:27017/paklog?authSource=admin',
    );
    expect((await describeKafka(output(stack(), 'kafka-bootstrap-servers'))).brokers).toEqual([
      '127.0.0.3:9092',
    ]);
  });

  test('`images`: the container runs the other image, and the output says so', async () => {
    const mongodb = (await containersOf(project)).find((each) => serviceOf(each) === 'mongodb');
    expect(mongodb?.Config.Image).toBe(mongodbImage);
    expect(servicesOf(stack())['mongodb']?.image).toBe(mongodbImage);
  });

  test('`kafka-topics` are there before the next step, with their partitions', async () => {
    const { partitions } = await describeKafka(output(stack(), 'kafka-bootstrap-servers'), [
      'orders',
      'returns',
    ]);
    expect(partitions).toEqual({ orders: 3, returns: 1 });
  });

  test("`mongodb-init`: the caller's scripts have run, in their order, after the stack's", async () => {
    const entries = withMongo(output(stack(), 'mongodb-uri'), (client) =>
      client
        .db('ledger')
        .collection('entries')
        .find({}, { projection: { _id: 0 } })
        .sort({ step: 1 })
        .toArray(),
    );
    expect(await entries).toEqual([{ step: 1 }, { step: 2, cartons: 3 }]);
  });
});

describe('`export-env`', { timeout: 6 * minutes }, () => {
  test('`spring, otel` exports these sets and not the default one', async () => {
    const leaks = await leaksOf();
    await using stack = await holdStack({ services: 'redis, loki', 'export-env': 'spring, otel' });
    const job = await stack.release();
    const { default: usual = {}, spring = {}, otel = {} } = await promisedEnvironment();
    const exported = Object.keys(job.env).sort();
    const wanted = Object.keys({ ...spring, ...otel }).filter((name) => /REDIS|LOKI|LOGS/.test(name));
    expect(wanted).toHaveLength(5);
    expect(exported).toEqual(wanted.sort());
    expect(exported.filter((name) => name in usual)).toEqual([]);
    expect(job.env).toMatchObject({
      SPRING_DATA_REDIS_HOST: 'localhost',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf',
    });
    expect(await leaks()).toEqual([]);
  });

  test('`none` exports nothing, and the env-file still has every name', async () => {
    const leaks = await leaksOf();
    await using stack = await holdStack({ services: 'redis', 'export-env': 'none' });
    const names = (await readFile(output(stack, 'env-file'), 'utf8')).match(/^\w+/gm)?.sort();
    const job = await stack.release();
    expect(job.env).toEqual({});
    expect(names).toEqual([
      'REDIS_HOST',
      'REDIS_PORT',
      'REDIS_URL',
      'SPRING_DATA_REDIS_HOST',
      'SPRING_DATA_REDIS_PORT',
    ]);
    expect(await leaks()).toEqual([]);
  });
});

describe('`teardown: never`', { timeout: 6 * minutes }, () => {
  test('leaves the stack up and usable after the job, until somebody takes it down', async () => {
    const leaks = await leaksOf();
    const project = uniqueName();
    try {
      await using stack = await holdStack({ services: 'redis', teardown: 'never', 'project-name': project });
      const url = output(stack, 'redis-url');
      const job = await stack.release();
      expect(job.conclusion, job.text).toBe('success');
      expect(stepOf(job, 'infra', 'post').log.join('\n')).toContain(
        `Project ${project} stays up (teardown: never).`,
      );
      const [container, ...others] = await containersOf(project);
      expect(container).toMatchObject({ State: { Status: 'running' }, Config: { Image: redisImage } });
      expect(others).toEqual([]);
      expect(await withRedis(url, (redis) => redis.set('kept', 'yes'))).toBe('OK');
    } finally {
      await docker('compose', '--project-name', project, 'down', '--volumes');
    }
    expect(await leaks()).toEqual([]);
  });
});

describe('`mongodb-replica-set`', { timeout: 6 * minutes }, () => {
  test('gives transactions: what is aborted is gone, what is committed stays', async (context) => {
    await haveImage(stackImage('mongodb'));
    const reason = whyNot(stackImage('mongodb'), 'mongodb-replica-set');
    context.skip(reason !== undefined, reason);
    const leaks = await leaksOf();
    {
      await using stack = await holdStack({ services: 'mongodb', 'mongodb-replica-set': 'true' });
      await withMongo(output(stack, 'mongodb-uri'), async (client) => {
        const orders = client.db().collection('orders');
        await client.db().createCollection('orders');
        await client.withSession(async (session) => {
          session.startTransaction();
          await orders.insertOne({ sku: 'aborted' }, { session });
          await session.abortTransaction();
          await session.withTransaction(() => orders.insertOne({ sku: 'committed' }, { session }));
        });
        const found = await orders.find({}, { projection: { _id: 0 } }).toArray();
        expect(found).toEqual([{ sku: 'committed' }]);
      });
    }
    expect(await leaks()).toEqual([]);
  });
});

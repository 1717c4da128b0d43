import { describe, expect, test } from 'vitest';
import { explain } from '../../src/core/causes/explain.ts';
import { knownCause } from '../../src/core/causes/known-causes.ts';
import { notReady } from '../../src/core/readiness.ts';
import { type Case, catalogue, exited, factsOf, logOf, readAs, toldOf } from './known-failures.ts';

const config = 'CONFIG_INVALID';
const zookeeper = 'ZOOKEEPER_UNREACHABLE';
const listener = 'KAFKA_LISTENER_UNREACHABLE';
const init = 'MONGODB_INIT_FAILED';
const field = 'not found in type';

/** What is special to a system of this stack. */
const rows: readonly (readonly [string, number | 'late', string, string, string?])[] = [
  ['kafka-session-left', 1, 'KAFKA_SESSION_LEFT', 'node already exists and owner'],
  ['kafka-cluster-id', 1, 'KAFKA_CLUSTER_ID', 'Invalid cluster.id in: /var/lib/kafka/data/meta.properties'],
  ['kafka-cluster-id-older', 1, 'KAFKA_CLUSTER_ID', "doesn't match stored clusterId"],
  ['kafka-no-zookeeper', 1, zookeeper, 'Timed out waiting for connection to Zookeeper server [zk:2181]'],
  ['kafka-no-zookeeper-published', 1, zookeeper, 'Zookeeper server [zookeeper:2181]'],
  ['kafka-listener-unreachable', 'late', listener, 'connection to broker nohost:29092'],
  ['kafka-listener-undefined', 1, config, 'No security protocol defined for listener PLAINTEXT_HOST'],
  ['kafka-listeners-same-port', 1, config, 'two listeners on the same port'],
  ['redis-directive', 1, config, ">>> 'apendfsync everysec'"],
  ['redis-option', 1, config, `>>> 'appendonly "maybe"'`],
  ['redis-no-config', 1, config, "can't open config file '/etc/none.conf'"],
  ['redis-aof-damaged', 1, 'REDIS_DATA_UNREADABLE', 'Bad file format reading the append only file'],
  ['redis-aof-missing', 1, 'REDIS_DATA_UNREADABLE', 'Unable to obtain the AOF file'],
  ['mongodb-kernel', 1, 'MONGODB_KERNEL', 'Linux kernel versions 6.19 and newer'],
  ['mongodb-kernel-community', 1, 'MONGODB_KERNEL', 'Detected Linux kernel 7.0.4'],
  ['mongodb-avx', 132, 'CPU_UNSUPPORTED', 'requires a CPU with AVX support'],
  ['mongodb-option', 1, config, "unrecognised option '--wiredTigerCacheSize'"],
  ['mongodb-option-published', 2, config, "unrecognised option '--httpinterface'"],
  ['mongodb-init-js', 1, init, 'TypeError: db.getSiblingD ... ).stok.drop_all is not a function'],
  ['mongodb-init-sh', 127, init, 'line 3: import-stock: command not found'],
  ['mongodb-init-syntax', 1, init, 'SyntaxError: Unexpected token (2:0)'],
  ['mongodb-init-folder', 1, init, 'Error: EISDIR: illegal operation on a directory'],
  [
    'pinot-broker-early',
    255,
    'PINOT_CLUSTER_MISSING',
    'not set up for cluster: PinotCluster',
    'pinot-broker',
  ],
  [
    'pinot-server-early',
    255,
    'PINOT_CLUSTER_MISSING',
    'not set up for cluster: PinotCluster',
    'pinot-server',
  ],
  ['pinot-no-zookeeper', 255, zookeeper, 'within timeout: 30000', 'pinot-controller'],
  ['prometheus-field', 2, config, `field scrape_config ${field} config.plain`],
  ['prometheus-yaml', 2, config, 'yaml: line 2: did not find expected key'],
  ['prometheus-value', 2, config, 'not a valid duration string'],
  ['prometheus-rule', 2, config, 'could not parse expression: 1:7: parse error: unclosed left'],
  ['prometheus-flag', 1, config, "unknown long flag '--storage.tsdb.retention'"],
  ['prometheus-no-config', 2, config, 'open /etc/prometheus/none.yml: no such file or directory'],
  ['loki-field', 1, config, `field http_listen_prot ${field} server.Config`],
  ['loki-yaml', 1, config, 'line 3: found character that cannot start any token'],
  ['loki-type', 1, config, 'cannot unmarshal !!str `abc` into int'],
  ['loki-schema', 1, config, 'CONFIG ERROR: schema v13 is required'],
  ['loki-no-config', 1, config, '/etc/loki/none.yaml does not exist'],
  ['tempo-field', 1, config, `field recievers ${field} distributor.Config`],
  ['tempo-flat-overrides', 1, config, `field metrics_generator_procesors ${field} overrides.legacyConfig`],
  ['tempo-no-config', 1, config, 'open /etc/none.yaml: no such file or directory'],
  ['grafana-plugin', 1, 'GRAFANA_PLUGIN_DOWNLOAD', '/api/plugins/repo/grafana-clock-panel'],
  ['grafana-plugin-sync', 1, 'GRAFANA_PLUGIN_DOWNLOAD', 'failed to install plugin grafana-clock-panel'],
  ['grafana-data-sources', 1, config, 'Only one datasource per organization can be marked as default'],
  ['grafana-provisioning-yaml', 1, config, "did not find expected '-' indicator"],
];

const cases: readonly Case[] = rows.map(([log, ended, code, shows, system]) => ({
  log,
  ended,
  code,
  shows,
  ...(system === undefined ? {} : { system }),
}));

describe('the real output of a system that is broken on purpose', () => {
  test.each(cases)('$log: $code', (each) => {
    const failure = toldOf(each);
    expect(failure.code).toBe(each.code);
    expect(failure.why).toContain(each.shows);
    expect(JSON.stringify(failure)).not.toMatch(/\{\w+\}|undefined/);
  });

  test.each(cases)('$log as a person reads it', async (each) => {
    const text = readAs(toldOf(each), logOf(each.log));
    await expect(text).toMatchFileSnapshot(`golden/annotations/${each.log}.txt`);
  });
});

/** What the stack's own probe has heard from a broker that advertises `host:port` to clients. */
const heard = {
  'kafka.example:9092': '...)..............kafka.example..#...........',
  'localhost:9093': '...%..............localhost..#...........',
  'a-rather-long-name-of-a-machine.in.the.network.example:9092':
    '...R.............6a-rather-long-name-of-a-machine.in.the.net…',
} as const;

function kafkaHeard(bytes: string) {
  const lastAnswer = `no answer within 2000 ms: ${bytes}`;
  const facts = factsOf('kafka', logOf('healthy-kafka'), { exitCode: 0, oomKilled: false, lastAnswer });
  return knownCause(notReady('kafka', 300, lastAnswer), facts);
}

describe('a Kafka that sends its clients elsewhere', () => {
  test.each([
    ['kafka.example', heard['kafka.example:9092']],
    ['localhost', heard['localhost:9093']],
    [
      'a-rather-long-name-of-a-machine.in.the.net',
      heard['a-rather-long-name-of-a-machine.in.the.network.example:9092'],
    ],
  ])('to %s', (host, bytes) => {
    const failure = kafkaHeard(bytes);
    expect(failure.code).toBe('KAFKA_ADVERTISED_ADDRESS');
    expect(failure.why).toContain(`it names the host ${host}.\nThe last probe said: no answer`);
  });

  test.each([
    ['names no broker yet', '....................'],
    ['has answered the first question only', '...............................'],
    ['has said nothing', ''],
  ])('is not one that %s', (_, bytes) => {
    expect(kafkaHeard(bytes).code).toBe('NOT_READY');
  });

  test('as a person reads it', async () => {
    const text = readAs(kafkaHeard(heard['kafka.example:9092']), logOf('healthy-kafka'));
    await expect(text).toMatchFileSnapshot('golden/annotations/kafka-advertised-address.txt');
  });
});

/** A command of the action inside Kafka's container. */
function topicsFailed(stderr: string) {
  const command = ['docker', 'exec', '--env', 'KAFKA_HEAP_OPTS=-Xmx128m', 'c1', 'kafka-topics', '--create'];
  const result = { command, exitCode: 1, stdout: '', stderr, timedOut: false, missing: false };
  const facts = factsOf('kafka', logOf('healthy-kafka'), { exitCode: 0, oomKilled: false });
  return knownCause(explain(result, { system: 'kafka' }), facts);
}

describe('a command inside a system', () => {
  test('that cannot reach the address it is sent to', async () => {
    const failure = topicsFailed(logOf('kafka-topics-unreachable'));
    expect(failure).toMatchObject({
      code: 'KAFKA_LISTENER_UNREACHABLE',
      what: '`kafka-topics --create` failed with exit code 1 in kafka.',
    });
    const text = readAs(failure, logOf('healthy-kafka'));
    await expect(text).toMatchFileSnapshot('golden/annotations/kafka-topics-unreachable.txt');
  });

  test('that says why itself is left as it is', () => {
    const failure = topicsFailed("Topic name is invalid: 'a..b/c' contains one or more characters");
    expect(failure).toMatchObject({ code: 'COMMAND_FAILED', why: expect.stringContaining("'a..b/c'") });
  });
});

/** MongoDB 8.2 says nothing before it dies. */
const crashed = () => knownCause(exited('mongodb', 139), factsOf('mongodb', '', { exitCode: 139 }));

test('a MongoDB that crashes without a word is told of its kernel', () => {
  expect(crashed().code).toBe('MONGODB_KERNEL');
});

test('every cause that the stack knows has been found in something real', () => {
  const told = [...cases.map(toldOf), kafkaHeard(heard['localhost:9093']), crashed()];
  told.push(topicsFailed(logOf('kafka-topics-unreachable')));
  const reasons = told.map(({ code, why }) => `${code}: ${why.split('\n')[0]}`);
  const systems = [...catalogue.systems.values()];
  const untold = systems.flatMap(({ name, causes = [] }) => {
    const open = causes.filter(({ code, why }) => {
      const words = why.replaceAll('{system}', name).split('{1}');
      return !reasons.some(
        (reason) => words.every((part) => `${reason}`.includes(part)) && reason.startsWith(code),
      );
    });
    return open.map(({ code }) => `${name}: ${code}`);
  });
  // Asked of the broker and the controller, and known in the same words to Pinot's server.
  expect(untold).toEqual(['pinot-broker: ZOOKEEPER_UNREACHABLE', 'pinot-server: ZOOKEEPER_UNREACHABLE']);
});

import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asArray, asObject, asString, entries } from '../../src/core/json.ts';
import {
  at,
  composeDir,
  environment,
  healthcheck,
  mounts,
  ports,
  readText,
  readYaml,
  service,
  services,
  strings,
} from './stack-file.ts';
import { runInit } from './stack-mongodb.ts';

const names = [...services.keys()];
const pinot = ['pinot-controller', 'pinot-broker', 'pinot-server'];
const datasources = asArray(readYaml('grafana/datasources.yml')['datasources']).map(
  (item) => asObject(item) ?? {},
);
const datasource = (uid: string) => datasources.find((each) => each['uid'] === uid);
const prometheus = readYaml('prometheus/prometheus.yml');
const tempo = readYaml('tempo/tempo-config.yml');

/** Every value of a key, however deep. */
function valuesOf(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, key));
  return entries(value).flatMap(([name, item]) => [...(name === key ? [item] : []), ...valuesOf(item, key)]);
}

describe('defects of the original stack are absent', () => {
  test('D1: the init script of MongoDB does not shadow db, and runs to its end', () => {
    expect([...runInit().databases.keys()]).toEqual(
      expect.arrayContaining(['inventorydb', 'warehouse', 'order_management', 'shipment_db']),
    );
  });

  test('D2: every mounted file is in this repository, and none is created where it is absent', () => {
    const binds = names.flatMap((name) => mounts(service(name)).filter(({ kind }) => kind === 'bind'));
    expect(binds.length).toBeGreaterThan(0);
    for (const { source, json } of binds) {
      expect(source).toMatch(/^\.\//);
      expect(existsSync(`${composeDir}${source}`)).toBe(true);
      expect(at(json, 'bind', 'create_host_path')).toBe(false);
    }
    expect(mounts(service('mongodb')).map(({ target }) => target)).toContain(
      '/docker-entrypoint-initdb.d/10-databases.js',
    );
  });

  test('D3: no validator insists on a double, which the shell does not write for 20.0', () => {
    const validators = runInit().collections.map(({ schema }) => schema);
    const types = validators.flatMap((schema) => valuesOf(schema, 'bsonType')).map((type) => [type].flat());
    const numeric = types.filter((each) => each.includes('double'));
    expect(numeric.length).toBeGreaterThan(0);
    for (const each of numeric) expect(each).toEqual(expect.arrayContaining(['int', 'long', 'decimal']));
  });

  test('D4: MongoDB asks for a password, and transactions are one file away', () => {
    expect(environment('mongodb')).toMatchObject({
      MONGO_INITDB_ROOT_USERNAME: 'admin',
      MONGO_INITDB_ROOT_PASSWORD: 'password',
    });
    const overlay = at(readYaml('mongodb-replica-set.yaml'), 'services', 'mongodb', 'command');
    expect(strings(overlay).join(' ')).toContain('--replSet rs0');
  });

  test('D5: ZooKeeper is published, and its check reads the answer', () => {
    expect(ports('zookeeper').map(({ published }) => published)).toEqual([2181]);
    expect(environment('zookeeper')['KAFKA_OPTS']).toMatch(/4lw\.commands\.whitelist=\S*\bruok\b/);
    expect(healthcheck('zookeeper').join(' ')).toContain('== imok');
  });

  test('D6: every data source has a uid, and every reference names one', () => {
    const uids = datasources.map((each) => each['uid']);
    expect(uids).toEqual(['prometheus', 'loki', 'tempo', 'mongodb']);
    const references = valuesOf(datasources, 'datasourceUid');
    expect(new Set(references)).toEqual(new Set(['prometheus', 'loki', 'tempo']));
    expect(Object.keys(asObject(datasource('tempo')?.['jsonData']) ?? {})).not.toEqual(
      expect.arrayContaining(['tracesToLogs']),
    );
    expect(valuesOf(datasources, 'lokiSearch')).toEqual([]);
  });

  test('D7: the MongoDB data source is provisioned', () => {
    expect(datasource('mongodb')).toMatchObject({ type: 'grafana-mongodb-datasource' });
  });

  test.each(pinot)('D8: %s is checked, waits for what it needs, and has a heap and a name', (name) => {
    const command = strings(service(name)['command']).join(' ');
    expect(healthcheck(name).at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/health/);
    const awaited = name === 'pinot-controller' ? 'zookeeper' : 'pinot-controller';
    expect(service(name)['depends_on']).toEqual({ [awaited]: { condition: 'service_healthy' } });
    expect(environment(name)['JAVA_OPTS']).toMatch(/-Xmx[1-9]\d{2}m/);
    expect(command).toMatch(new RegExp(`-${name.split('-')[1]}Host ${name} `));
  });

  test('D8: the volumes of Pinot are where it writes', () => {
    const [controller, broker, server] = pinot.map((name) => mounts(service(name))[0]?.target);
    expect(strings(service('pinot-controller')['command'])).toContain(controller);
    expect(broker).toBe('/opt/pinot/logs');
    const paths = strings(service('pinot-server')['command']).filter((word) => word.startsWith('/'));
    expect(paths.map((path) => path.startsWith(`${server}/`))).toEqual([true, true]);
  });

  test('D9: Prometheus scrapes nothing that serves no metrics, nor what was not started', () => {
    const fixed = valuesOf(prometheus, 'static_configs').flatMap((each) => valuesOf(each, 'targets').flat());
    expect(fixed).toEqual(['127.0.0.1:9090']);
    const found = valuesOf(prometheus, 'dns_sd_configs').flatMap((each) => valuesOf(each, 'names').flat());
    expect(found).toEqual(['loki', 'tempo', 'grafana']);
  });

  test('D10: Prometheus can reach services on the host, and no target there is down from the start', () => {
    expect(service('prometheus')['extra_hosts']).toEqual(['host.docker.internal:host-gateway']);
    expect(JSON.stringify(prometheus)).not.toContain('host.docker.internal');
    const files = valuesOf(prometheus, 'file_sd_configs').flatMap((each) => valuesOf(each, 'files').flat());
    expect(files.map((file) => String(file).replace(/\*.*/, ''))).toEqual([
      '/etc/prometheus/targets/',
      '/etc/prometheus/targets/',
      '/etc/prometheus-targets/',
    ]);
  });

  test('D11: the receivers of Tempo are those that are published, in a form that Tempo 3 takes', () => {
    const listening = JSON.stringify(tempo['distributor']).matchAll(/0\.0\.0\.0:(\d+)/g);
    const receivers = [...listening].map(([, port]) => Number(port));
    const own = [at(tempo, 'server', 'http_listen_port'), at(tempo, 'server', 'grpc_listen_port')].map(
      Number,
    );
    const published = ports('tempo').map(({ target }) => target);
    expect([...receivers, ...own].toSorted()).toEqual(published.toSorted());
    expect(tempo).not.toHaveProperty('ingester');
    expect(tempo).not.toHaveProperty('compactor');
    expect(Object.keys(asObject(tempo['overrides']) ?? {})).toEqual(['defaults']);
    expect(mounts(service('tempo')).at(-1)).toMatchObject({ source: 'tempo_data', target: '/var/tempo' });
  });

  test('D12: every check uses what its image has', () => {
    const missing: Readonly<Record<string, RegExp>> = {
      loki: /CMD-SHELL|\b(sh|bash|wget|curl|nc)\b/,
      tempo: /CMD-SHELL|\b(sh|bash|wget|curl|nc)\b/,
      mongodb: /\b(curl|wget|nc)\b/,
      redis: /\b(bash|curl)\b/,
      prometheus: /\b(bash|curl)\b/,
      'pinot-controller': /\bnc\b/,
      'pinot-broker': /\bnc\b/,
      'pinot-server': /\bnc\b/,
    };
    for (const [name, tools] of Object.entries(missing))
      expect(healthcheck(name).join(' ')).not.toMatch(tools);
    expect(healthcheck('loki')).toEqual(['CMD', '/usr/bin/loki', '-health']);
    expect(healthcheck('tempo')).toEqual(['CMD', '/tempo', '-health']);
  });

  test('D13: Grafana says what it waits for, and downloads nothing', () => {
    const conditions = entries(service('grafana')['depends_on']).map(([name, item]) => [
      name,
      asString(at(item, 'condition')),
    ]);
    expect(conditions).toEqual(['prometheus', 'loki', 'tempo'].map((name) => [name, 'service_started']));
    expect(environment('grafana')).toMatchObject({
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_PLUGINS_PREINSTALL_AUTO_UPDATE: 'false',
    });
    expect(Object.keys(environment('grafana')).join(' ')).not.toMatch(/INSTALL_PLUGINS|FEATURE_TOGGLES/);
  });

  test.each(names)('D14: %s is not restarted', (name) => {
    expect(service(name)['restart']).toBe('no');
  });

  test.each(names)('D15: the image of %s is of one exact version', (name) => {
    expect(service(name)['image']).toMatch(/^[a-z/-]+:v?\d+\.\d+\.\d+(-alpine)?$/);
  });

  test('D16: one broker is enough for the logs of offsets and transactions', () => {
    expect(environment('kafka')).toMatchObject({
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    });
  });

  test('D17: nothing runs as another user than its image says, and Loki writes where it may', () => {
    expect(names.filter((name) => service(name)['user'] !== undefined)).toEqual([]);
    expect(mounts(service('loki')).at(-1)).toMatchObject({ source: 'loki_data', target: '/loki' });
    expect(readText('loki/loki-config.yml')).not.toContain('/tmp');
  });
});

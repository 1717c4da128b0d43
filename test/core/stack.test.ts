import { describe, expect, test } from 'vitest';
import { asObject, entries } from '../../src/core/json.ts';
import { at, environment, mounts, ports, service, services, stack, strings } from './stack-file.ts';

const names = [...services.keys()];
const seedPorts = {
  zookeeper: [2181],
  kafka: [9092],
  redis: [6379],
  mongodb: [27017],
  'pinot-controller': [9000],
  'pinot-broker': [8099],
  'pinot-server': [8098, 8097],
  prometheus: [9090],
  loki: [3100],
  tempo: [3200, 4317, 4318, 9095, 9411, 14268],
  grafana: [3000],
};

test('the stack is the eleven systems on their ports', () => {
  expect(Object.fromEntries(names.map((name) => [name, ports(name).map(({ target }) => target)]))).toEqual(
    seedPorts,
  );
});

test('the volumes are those of the original stack, and every one is mounted', () => {
  const declared = entries(stack['volumes']).map(([name]) => name);
  const mounted = names.flatMap((name) =>
    mounts(service(name)).flatMap(({ kind, source }) => (kind === 'volume' ? [source] : [])),
  );
  expect(mounted.toSorted()).toEqual(declared.toSorted());
  expect(declared.toSorted()).toEqual([
    'grafana_data',
    'kafka_data',
    'loki_data',
    'mongodb_data',
    'pinot_broker_data',
    'pinot_controller_data',
    'pinot_server_data',
    'prometheus_data',
    'redis_data',
    'tempo_data',
    'zookeeper_data',
    'zookeeper_log',
  ]);
});

test('the network is a bridge that two projects can have at once', () => {
  expect(stack['networks']).toEqual({ 'paklog-network': { driver: 'bridge' } });
});

test('together the memory limits of the programs stay below 4 GB', () => {
  expect(names.reduce((sum, name) => sum + megabytes(name), 0)).toBeLessThanOrEqual(4000);
});

test('prometheus keeps 30 days, takes remote writes and reloads on request', () => {
  expect(strings(service('prometheus')['command'])).toEqual(
    expect.arrayContaining([
      '--storage.tsdb.path=/prometheus',
      '--storage.tsdb.retention.time=30d',
      '--web.enable-remote-write-receiver',
      '--web.enable-lifecycle',
      '--enable-feature=exemplar-storage',
    ]),
  );
});

test('redis writes an append-only file', () => {
  expect(strings(service('redis')['command']).join(' ')).toContain('--appendonly yes');
});

test('kafka advertises the published port and host to the outside, its own name to containers', () => {
  const listeners = environment('kafka')['KAFKA_ADVERTISED_LISTENERS'] ?? '';
  expect(listeners).toBe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose's own interpolation
    'PLAINTEXT://kafka:29092,PLAINTEXT_HOST://${PAKLOG_ADVERTISE_HOST:-localhost}:${PAKLOG_PORT_KAFKA_9092:-9092}',
  );
});

describe.each(names)('%s', (name) => {
  test('publishes on the loopback address, on the number that its variable moves', () => {
    for (const { address, published, target } of ports(name)) {
      expect(address).toBe('127.0.0.1');
      expect(published).toBe(target);
      const variable = `PAKLOG_PORT_${name.toUpperCase().replaceAll('-', '_')}_${target}`;
      const moved = ports(name, { [variable]: '40000', PAKLOG_BIND_ADDRESS: '10.0.0.1' });
      expect(moved).toContainEqual({ address: '10.0.0.1', published: 40_000, target });
    }
  });

  test('leaves 8080 to 8085 to the services under test', () => {
    expect(ports(name).filter(({ published }) => published >= 8080 && published <= 8085)).toEqual([]);
  });

  test('has a health check that soon sees it start, and gives it time', () => {
    expect(service(name)['healthcheck']).toMatchObject({
      start_period: '2m',
      start_interval: '500ms',
      timeout: '5s',
    });
  });

  test('is stopped within 30 seconds', () => {
    const grace = /^(\d+)s$/.exec(String(service(name)['stop_grace_period']));
    expect(Number(grace?.[1])).toBeLessThanOrEqual(30);
  });

  test('is on the network of the stack alone, without a name of its own', () => {
    expect(service(name)['networks']).toEqual(['paklog-network']);
    expect(asObject(service(name))).not.toHaveProperty('container_name');
  });
});

test('tempo is stopped at once, since it does not end at SIGTERM', () => {
  expect(service('tempo')['stop_grace_period']).toBe('3s');
});

/** The most that a system's own limit lets it take for its data: heap, cache or Go's soft limit. */
function megabytes(name: string): number {
  const { KAFKA_HEAP_OPTS = '', JAVA_OPTS = '', GOMEMLIMIT = '' } = environment(name);
  const heap = /-Xmx(\d+)m/.exec(`${KAFKA_HEAP_OPTS} ${JAVA_OPTS}`)?.[1];
  const soft = /^(\d+)MiB$/.exec(GOMEMLIMIT)?.[1];
  const cache = /--wiredTigerCacheSizeGB ([\d.]+)/.exec(strings(service(name)['command']).join(' '))?.[1];
  const limit = heap ?? soft ?? (cache === undefined ? undefined : Number(cache) * 1024);
  if (limit === undefined && name !== 'redis') throw new Error(`${name} has no limit`);
  return Number(limit ?? 0);
}

test('the configuration directories are read-only', () => {
  const binds = names.flatMap((name) => mounts(service(name)).filter(({ kind }) => kind === 'bind'));
  expect(binds.map(({ json }) => at(json, 'read_only'))).toEqual(binds.map(() => true));
});

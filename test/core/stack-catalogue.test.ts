import { describe, expect, test } from 'vitest';
import { encode, match } from '../../src/core/bytes.ts';
import type { TcpCheck } from '../../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { fill } from '../../src/core/endpoints.ts';
import { ports, services, stack } from './stack-file.ts';

const { catalogue, problems } = decodeCatalogue(stack['x-paklog']);
const systems = [...catalogue.systems.values()];
const endpoints = systems.flatMap((system) => system.endpoints.map((endpoint) => ({ system, endpoint })));
const host = { host: 'localhost', port: 9092 };
const filled = (template: string) => fill(template, host);

function names(set: string): readonly string[] {
  return endpoints.flatMap(({ endpoint }) => Object.keys(endpoint.env[set] ?? {}));
}

function exchange(name: string): TcpCheck['exchange'] {
  const check = catalogue.systems.get(name)?.probe[0];
  if (check?.kind !== 'tcp') throw new Error(`${name} has no tcp check`);
  return check.exchange;
}

test('the catalogue says nothing that is not understood', () => {
  expect(problems).toEqual([]);
});

test('every service is in it, with a title, a group and a probe', () => {
  expect(systems.map(({ name }) => name)).toEqual([...services.keys()]);
  for (const { title, name, group, probe } of systems) {
    expect(title).not.toBe(name);
    expect(['core', 'analytics', 'observability']).toContain(group);
    expect(probe.length).toBeGreaterThan(0);
  }
});

test('every published port is an endpoint, and every endpoint is published', () => {
  const published = systems.flatMap(({ name }) => ports(name).map(({ target }) => `${name}:${target}`));
  const named = endpoints.map(({ system, endpoint }) => `${system.name}:${endpoint.port}`);
  expect(named.toSorted()).toEqual(published.toSorted());
});

test('the outputs', () => {
  expect(endpoints.flatMap(({ endpoint }) => endpoint.output ?? [])).toEqual([
    'zookeeper-connect',
    'kafka-bootstrap-servers',
    'redis-url',
    'mongodb-uri',
    'pinot-controller-url',
    'pinot-broker-url',
    'pinot-server-url',
    'prometheus-url',
    'loki-url',
    'tempo-url',
    'otlp-grpc-endpoint',
    'otlp-http-endpoint',
    'zipkin-endpoint',
    'jaeger-endpoint',
    'grafana-url',
  ]);
});

test('no environment name is given twice', () => {
  const all = ['default', 'spring', 'otel'].flatMap(names);
  expect(all.length).toBe(new Set(all).size);
  for (const name of all) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
});

test('what Spring services read, as they read it', () => {
  const values = Object.fromEntries(
    endpoints.flatMap(({ endpoint }) =>
      Object.entries(endpoint.env['spring'] ?? {}).map(([name, template]) => {
        const view = { host: 'localhost', port: endpoint.port };
        return [name, fill(template, { ...view, url: fill(endpoint.url, view) })];
      }),
    ),
  );
  expect(values).toEqual({
    SPRING_KAFKA_BOOTSTRAP_SERVERS: 'localhost:9092',
    SPRING_DATA_REDIS_HOST: 'localhost',
    SPRING_DATA_REDIS_PORT: '6379',
    SPRING_DATA_MONGODB_URI: 'mongodb://admin:password@localhost:27017/paklog?authSource=admin',
    SPRING_MONGODB_URI: 'mongodb://admin:password@localhost:27017/paklog?authSource=admin',
    MANAGEMENT_LOKI_URL: 'http://localhost:3100',
    MANAGEMENT_OTLP_TRACING_ENDPOINT: 'http://localhost:4318/v1/traces',
    MANAGEMENT_TRACING_SAMPLING_PROBABILITY: '1.0',
    MANAGEMENT_ZIPKIN_TRACING_ENDPOINT: 'http://localhost:9411/api/v2/spans',
  });
});

test('the OpenTelemetry endpoint and its protocol belong together', () => {
  const http = catalogue.systems.get('tempo')?.endpoints.find(({ name }) => name === 'otlp-http');
  expect(http?.port).toBe(4318);
  expect(http?.env['otel']).toEqual({
    OTEL_EXPORTER_OTLP_ENDPOINT: '{url}',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_METRICS_EXPORTER: 'none',
  });
});

test('containers are sent to the listener of Kafka that is meant for them', () => {
  expect(catalogue.systems.get('kafka')?.endpoints[0]?.insidePort).toBe(29_092);
});

describe('the frames of the probes', () => {
  const frames = exchange('kafka').map(({ send }) => encode(send, filled));

  test.each([
    ['ApiVersions v0', 0, 18, 0, 1],
    ['Metadata v1', 1, 3, 1, 2],
  ] as const)('kafka: %s', (_, index, key, version, correlation) => {
    const frame = frames[index] ?? Buffer.alloc(14);
    expect(frame.readInt32BE(0)).toBe(frame.length - 4);
    expect([frame.readInt16BE(4), frame.readInt16BE(6), frame.readInt32BE(8)]).toEqual([
      key,
      version,
      correlation,
    ]);
    expect(frame.readInt16BE(12)).toBe(-1);
  });

  test('kafka: metadata of another host or port is not what is waited for', () => {
    const expected = exchange('kafka')[1]?.expect ?? { starts: [], contains: [] };
    const answer = (name: string, port: number) => {
      const text = Buffer.from(name);
      const head = Buffer.from('0000002a0000000200000001000000010000', 'hex');
      head.writeUInt16BE(text.length, 16);
      const tail = Buffer.alloc(4);
      tail.writeInt32BE(port);
      return Buffer.concat([head, text, tail, Buffer.from('ffff0000000100000000', 'hex')]);
    };
    expect(match(answer('localhost', 9092), expected, filled)).toBe('met');
    expect(match(answer('localhost', 9093), expected, filled)).toBe('more');
    expect(match(answer('otherhost', 9092), expected, filled)).toBe('more');
  });

  test('mongodb: one OP_MSG with hello to admin', () => {
    const message = encode(exchange('mongodb')[0]?.send ?? [], filled);
    expect(message.readInt32LE(0)).toBe(message.length);
    expect([message.readInt32LE(4), message.readInt32LE(8), message.readInt32LE(12)]).toEqual([1, 0, 2013]);
    expect([message.readInt32LE(16), message.readInt8(20)]).toEqual([0, 0]);
    const body = message.subarray(21);
    expect(body.readInt32LE(0)).toBe(body.length);
    expect(body.subarray(4).toString('latin1')).toBe('\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0');
  });

  test('mongodb: a server that is not writable, or an error, is not what is waited for', () => {
    const expected = exchange('mongodb')[0]?.expect ?? { starts: [], contains: [] };
    const answer = (writable: string, ok: string) =>
      Buffer.from(`\x08isWritablePrimary\0${writable}\x01ok\0\0\0\0\0\0\0${ok}`, 'latin1');
    expect(match(answer('\x01', '\xf0\x3f'), expected, filled)).toBe('met');
    expect(match(answer('\0', '\xf0\x3f'), expected, filled)).toBe('more');
    expect(match(answer('\x01', '\0\0'), expected, filled)).toBe('more');
  });

  test('redis and zookeeper: an answer of another kind is refused', () => {
    const of = (name: string) => exchange(name)[0]?.expect ?? { starts: [], contains: [] };
    expect(match(Buffer.from('+PONG\r\n'), of('redis'), filled)).toBe('met');
    expect(match(Buffer.from('-LOADING Redis is loading'), of('redis'), filled)).toBe('refused');
    expect(match(Buffer.from('imok'), of('zookeeper'), filled)).toBe('met');
    expect(match(Buffer.from('ruok is not executed'), of('zookeeper'), filled)).toBe('refused');
  });
});

import { describe, expect, test } from 'vitest';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import {
  envFile,
  environment,
  fill,
  outputs,
  reachable,
  refusedNames,
  servicesJson,
} from '../../src/core/endpoints.ts';
import { everyService, sampleCatalogue, sampleModel } from './sample.ts';

const bindings = [
  { service: 'base', target: 7001, protocol: 'tcp', host: 50_001 },
  { service: 'queue', target: 7002, protocol: 'tcp', host: 50_002 },
  { service: 'store', target: 7003, protocol: 'tcp', host: 50_003 },
];
const endpoints = reachable(sampleCatalogue, everyService, bindings, 'ci.example');

describe('templates', () => {
  test.each([
    ['{host}', 'h'],
    ['{port}', '80'],
    ['{address}', 'h:80'],
    ['a://{host}:{port}/{url}', 'a://h:80/u'],
    ['{other} {constructor} { host }', '{other} {constructor} { host }'],
    ['', ''],
  ])('%j', (template, text) => {
    expect(fill(template, { host: 'h', port: 80, url: 'u' })).toBe(text);
  });

  test('are filled once', () => {
    expect(fill('{host}', { host: '{port}$&', port: 80 })).toBe('{port}$&');
  });
});

test('an endpoint has two views', () => {
  expect(
    endpoints.map(({ system, endpoint, host, network }) => [system.name, endpoint.name, host, network]),
  ).toEqual([
    [
      'base',
      'base',
      { host: 'ci.example', port: 50_001, url: 'ci.example:50001' },
      { host: 'base', port: 7001, url: 'base:7001' },
    ],
    [
      'queue',
      'queue',
      { host: 'ci.example', port: 50_002, url: 'ci.example:50002' },
      { host: 'queue', port: 17_002, url: 'queue:17002' },
    ],
    [
      'store',
      'store',
      { host: 'ci.example', port: 50_003, url: 'store://ci.example:50003/main' },
      { host: 'store', port: 7003, url: 'store://store:7003/main' },
    ],
  ]);
});

test('what is not published or does not take part has no address', () => {
  expect(reachable(sampleCatalogue, everyService, [], 'h')).toEqual([]);
  expect(reachable(sampleCatalogue, ['base'], bindings, 'h')).toHaveLength(1);
});

test('outputs are named by the catalogue', () => {
  expect(outputs(endpoints)).toEqual({
    'queue-address': 'ci.example:50002',
    'store-url': 'store://ci.example:50003/main',
  });
});

describe('environment', () => {
  test.each([
    [
      ['default'],
      { QUEUE: 'ci.example:50002', STORE_URL: 'store://ci.example:50003/main', STORE_PORT: '50003' },
    ],
    [['spring'], { SPRING_QUEUE_HOST: 'ci.example' }],
    [['otel'], {}],
    [['constructor'], {}],
    [[], {}],
  ])('of the sets %j', (sets, values) => {
    expect(environment(endpoints, sets, 'host')).toEqual(values);
  });

  test('on the network', () => {
    expect(environment(endpoints, ['default', 'spring'], 'network')).toEqual({
      QUEUE: 'queue:17002',
      SPRING_QUEUE_HOST: 'queue',
      STORE_URL: 'store://store:7003/main',
      STORE_PORT: '7003',
    });
  });

  test('as a file for docker run', () => {
    expect(envFile({ A: 'b c', D: '"$E"' })).toBe('A=b c\nD="$E"\n');
    expect(envFile({})).toBe('');
  });
});

describe('names that are never exported', () => {
  const named = (name: string) =>
    refusedNames(
      decodeCatalogue(
        JSON.parse(
          `{"systems":{"a":{"endpoints":{"e":{"port":1,"env":{"x":{${JSON.stringify(name)}:""}}}}}}}`,
        ),
      ).catalogue,
    );

  test.each([
    'LD_PRELOAD',
    'PATH',
    'Path',
    'GITHUB_TOKEN',
    'github_env',
    'NODE_OPTIONS',
    'BASH_ENV',
    'DYLD_INSERT_LIBRARIES',
    'PYTHONPATH',
    'GIT_SSH_COMMAND',
    'RUNNER_TEMP',
    'ACTIONS_RUNTIME_TOKEN',
    'JAVA_TOOL_OPTIONS',
    'https_proxy',
    'A=B',
    'A\nB',
    '1A',
    '',
    'A-B',
    'É',
  ])('%j', (name) => {
    expect(named(name)).toEqual([name]);
  });

  test.each([
    'KAFKA_BOOTSTRAP_SERVERS',
    'lower_case',
    '_A',
    'MY_PATH',
    'PATHS',
    'OTEL_EXPORTER',
    '__proto__',
  ])('%j may be', (name) => {
    expect(named(name)).toEqual([]);
  });
});

test('the services output has both views of everything', () => {
  const json = JSON.parse(servicesJson(sampleModel, ['queue', 'app'], endpoints));
  expect(json).toEqual({
    queue: {
      image: 'acme/queue:1',
      endpoints: {
        queue: {
          host: 'ci.example',
          port: 50_002,
          url: 'ci.example:50002',
          network: { host: 'queue', port: 17_002, url: 'queue:17002' },
        },
      },
    },
    app: { image: 'acme/app:1', endpoints: {} },
  });
});

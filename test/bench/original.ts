import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { asArray, asObject, asString, entries, type Json } from '../../src/core/json.ts';
import type { Stack } from './stack.ts';

/** The original's checks: programs started inside the container, however much that costs, and none for Pinot. */
const checks: Readonly<Record<string, readonly string[]>> = {
  zookeeper: ['CMD-SHELL', 'echo ruok | nc localhost 2181'],
  kafka: ['CMD', 'kafka-topics', '--bootstrap-server', 'localhost:9092', '--list'],
  redis: ['CMD', 'redis-cli', 'ping'],
  mongodb: ['CMD', 'mongosh', '--quiet', '--eval', "db.adminCommand('ping')"],
  prometheus: ['CMD', 'wget', '-qO-', 'http://localhost:9090/-/healthy'],
  loki: ['CMD', '/usr/bin/loki', '-health'],
  tempo: ['CMD', '/tempo', '-health'],
  grafana: ['CMD', 'wget', '-qO-', 'http://localhost:3000/api/health'],
};

/** The engine asks first after one interval; there is no quicker rhythm while a system starts. */
const rhythm = { interval: '10s', timeout: '10s', retries: 5 };
const intervals: Readonly<Record<string, string>> = { zookeeper: '5s' };

/** Without these a JVM runs with the image's own options: parallel collectors, both compilers, 4 GB for each of Pinot's. */
const jvmOptions = ['JAVA_OPTS', 'KAFKA_HEAP_OPTS', 'KAFKA_JVM_PERFORMANCE_OPTS'];

/**
 * Writes the stack's Compose file with the settings of the original one: its checks and their rhythm, the images' JVM
 * options, its restart policy, its order of starts, and Loki's delay of 15 s before it calls itself ready.
 */
export async function writeOriginal(stack: Stack, folder: string): Promise<string> {
  const services = entries(stack.model.json['services']).map(
    ([name, service]) => [name, originalService(name, asObject(service) ?? {}, folder)] as const,
  );
  const { 'x-paklog': _catalogue, ...rest } = stack.model.json;
  for (const [source, copy] of mountedConfigs(stack.model.json, folder)) {
    const config = withoutReadyDelay(parse(await readFile(source, 'utf8')));
    await writeFile(copy, stringify(config));
  }
  const file = join(folder, 'original.json');
  await writeFile(file, JSON.stringify({ ...rest, services: Object.fromEntries(services) }));
  return file;
}

function originalService(name: string, json: Json, folder: string): Json {
  const { healthcheck: _ours, depends_on, ...kept } = json;
  const test = checks[name];
  const environment = entries(json['environment']).filter(([key]) => !jvmOptions.includes(key));
  const needed = entries(depends_on).map(([service]) => [service, dependency(name, service)] as const);
  return {
    ...kept,
    restart: 'unless-stopped',
    environment: Object.fromEntries(environment),
    ...(needed.length === 0 ? {} : { depends_on: Object.fromEntries(needed) }),
    ...(test === undefined
      ? {}
      : { healthcheck: { ...rhythm, interval: intervals[name] ?? rhythm.interval, test } }),
    volumes: asArray(json['volumes']).map((item) => originalMount(asObject(item) ?? {}, folder)),
  };
}

/** Kafka waited for a healthy ZooKeeper; everything else for nothing but the other container's start. */
function dependency(name: string, service: string): Json {
  const healthy = name === 'kafka' && checks[service] !== undefined;
  return { condition: healthy ? 'service_healthy' : 'service_started', required: true };
}

const withReadyDelay = /loki-config\.yml$/;

function originalMount(mount: Json, folder: string): Json {
  const source = asString(mount['source']) ?? '';
  return withReadyDelay.test(source) ? { ...mount, source: copyOf(source, folder) } : mount;
}

function mountedConfigs(model: Json, folder: string): readonly (readonly [string, string])[] {
  const mounts = entries(model['services']).flatMap(([, service]) => asArray(asObject(service)?.['volumes']));
  return mounts
    .map((mount) => asString(asObject(mount)?.['source']) ?? '')
    .filter((source) => withReadyDelay.test(source))
    .map((source) => [source, copyOf(source, folder)] as const);
}

function copyOf(source: string, folder: string): string {
  return join(folder, source.split('/').at(-1) ?? '');
}

/** Leaves the delay out that the stack's own file switches off: the default of 15 s holds again. */
function withoutReadyDelay(config: unknown): Json {
  const { ingester: _ingester, ...rest } = asObject(config) ?? {};
  return rest;
}

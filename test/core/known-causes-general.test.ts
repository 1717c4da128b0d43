import { describe, expect, test } from 'vitest';
import { generalCauses } from '../../src/core/causes/general-causes.ts';
import { knownCause } from '../../src/core/causes/known-causes.ts';
import { notReady } from '../../src/core/readiness.ts';
import { exited, factsOf, logOf, readAs } from './known-failures.ts';

const controller = 'pinot-controller';
const memory = 'SERVICE_OUT_OF_MEMORY';
const access = 'FILE_ACCESS_DENIED';
const port = 'LISTEN_PORT_TAKEN';
const variable = 'VARIABLE_MISSING';

/** What any program may say; system, log, exit code, code, words that are shown. */
const rows: readonly (readonly [string, string, number, string, string])[] = [
  ['kafka', 'kafka-threads', 1, 'PROCESS_LIMIT', 'unable to create native thread'],
  ['redis', 'redis-disk-full', 1, 'DISK_FULL', 'No space left on device'],
  ['mongodb', 'mongodb-disk-full', 1, 'DISK_FULL', 'No space left on device'],
  ['grafana', 'grafana-disk-full', 1, 'DISK_FULL', 'database or disk is full'],
  ['kafka', 'kafka-heap', 1, memory, 'java.lang.OutOfMemoryError: Java heap space'],
  [controller, 'pinot-heap', 1, memory, 'java.lang.OutOfMemoryError: Java heap space'],
  ['prometheus', 'prometheus-memory', 2, memory, 'fatal error: out of memory'],
  ['prometheus', 'prometheus-address-space', 2, memory, 'failed to reserve page summary memory'],
  ['redis', 'redis-memory', 139, memory, 'Out Of Memory allocating 104 bytes!'],
  [controller, 'jvm-option', 1, 'JVM_OPTIONS', "Unrecognized VM option 'UseNoSuchGC'"],
  [controller, 'jvm-heap-size', 1, 'JVM_OPTIONS', 'Could not reserve enough space for 4194304000000KB'],
  [controller, 'jvm-initial-heap', 1, 'JVM_OPTIONS', 'larger value than the maximum heap size'],
  ['orders', 'jvm-class-version', 1, 'JAVA_VERSION', 'Orders has been compiled by a more recent version'],
  ['orders', 'program-architecture', 1, 'PLATFORM_UNSUPPORTED', 'exec /x: exec format error'],
  ['kafka', 'kafka-open-files', 1, 'FILES_LIMIT', 'Too many open files'],
  ['zookeeper', 'zookeeper-port-taken', 1, port, 'java.net.BindException: Address already in use'],
  ['redis', 'redis-port-taken', 1, port, 'bind: Address already in use'],
  ['prometheus', 'prometheus-port-taken', 1, port, 'listen tcp 127.0.0.1:5000: bind: address already in use'],
  ['loki', 'loki-port-taken', 1, port, 'listen tcp :3100: bind: address already in use'],
  ['tempo', 'tempo-port-taken', 1, port, 'listen tcp :3200: bind: address already in use'],
  ['loki', 'loki-flag', 2, 'CONFIG_INVALID', 'flag provided but not defined: -no.such.flag'],
  [controller, 'pinot-option', 0, 'CONFIG_INVALID', "Unknown options: '-zkAdress'"],
  ['kafka', 'kafka-variable-missing', 1, variable, 'KAFKA_ADVERTISED_LISTENERS is required'],
  ['zookeeper', 'zookeeper-variable-missing', 1, variable, 'ZOOKEEPER_SECURE_CLIENT_PORT is required'],
  ['mongodb', 'mongodb-password-missing', 1, variable, 'missing MONGO_INITDB_ROOT_USERNAME'],
  ['grafana', 'grafana-host-unknown', 1, 'HOST_UNKNOWN', 'lookup orders-db on 127.0.0.11:53: no such host'],
  ['kafka', 'kafka-not-writable', 1, access, '/var/lib/kafka/data is not writable'],
  ['kafka', 'kafka-not-writable-published', 1, access, 'dub path /var/lib/kafka/data writable] FAILED'],
  ['redis', 'redis-not-writable', 1, access, 'append-only dir appendonlydir: Permission denied'],
  ['mongodb', 'mongodb-not-writable', 100, access, '/data/db is missing or not writable for mongodb'],
  ['prometheus', 'prometheus-not-writable', 2, access, 'open /prometheus/queries.active: permission denied'],
  ['loki', 'loki-not-writable', 1, access, 'mkdir /loki/rules: permission denied'],
  ['loki', 'loki-read-only', 1, access, 'mkdir /loki/rules: read-only file system'],
  ['tempo', 'tempo-not-writable', 1, access, 'mkdir /var/tempo/blocks: permission denied'],
  ['grafana', 'grafana-not-writable', 1, access, '/var/lib/grafana/plugins is not writable'],
  ['grafana', 'grafana-refused', 1, 'DEPENDENCY_REFUSED', 'connect: connection refused'],
];

function told(system: string, log: string, exitCode: number, oomKilled = false) {
  const facts = factsOf(system, logOf(log), { exitCode, oomKilled });
  return knownCause(exited(system, exitCode), facts);
}

describe('the real output of a program that is broken on purpose', () => {
  test.each(rows)('%s: %s', (system, log, exitCode, code, shows) => {
    const failure = told(system, log, exitCode);
    expect(failure).toMatchObject({ code, system });
    expect(failure.why).toContain(shows);
    expect(failure.what).toContain(`code ${exitCode}`);
    expect(JSON.stringify(failure)).not.toMatch(/\{\w+\}|undefined/);
  });

  test.each(rows)('%s: %s as a person reads it', async (system, log, exitCode) => {
    const text = readAs(told(system, log, exitCode), logOf(log));
    await expect(text).toMatchFileSnapshot(`golden/annotations/${log}.txt`);
  });
});

test('every general cause has been found in something real', () => {
  const found = new Set(rows.map(([, , , code]) => code));
  // No CPU at hand lacks an instruction; what such a program ends with is tested below.
  expect(generalCauses.map(({ code }) => code).filter((code) => !found.has(code))).toEqual([
    'CPU_UNSUPPORTED',
    'CPU_UNSUPPORTED',
  ]);
});

describe('a CPU that lacks an instruction is told', () => {
  test.each([
    ['entrypoint.sh: line 416:    26 Illegal instruction     (core dumped) "$@"', 1],
    ['Fatal glibc error: CPU does not support x86-64-v2', 127],
    ['', 132],
  ])('%j', (log, exitCode) => {
    const failure = knownCause(exited('orders', exitCode), factsOf('orders', log, { exitCode }));
    expect(failure.code).toBe('CPU_UNSUPPORTED');
  });
});

describe('memory that the kernel took back', () => {
  test('is told before anything that the log says', async () => {
    const failure = told('kafka', 'kafka-memory-limit', 137, true);
    expect(failure).toMatchObject({ code: 'SERVICE_OOM', what: 'kafka exited with code 137.' });
    const text = readAs(exited('kafka', 137, { oomKilled: true }), logOf('kafka-memory-limit'));
    await expect(text).toMatchFileSnapshot('golden/annotations/kafka-memory-limit.txt');
  });

  test('is told of a program that lives on without one of its processes', () => {
    const facts = factsOf('orders', '', { exitCode: 0, oomKilled: true });
    expect(knownCause(notReady('orders', 300, ''), facts)).toMatchObject({
      code: 'SERVICE_OOM',
      what: 'orders did not work within 300 s.',
    });
  });
});

describe('a host name of the caller', () => {
  test.each(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])('that answers with %s', (lastAnswer) => {
    const facts = factsOf('kafka', logOf('healthy-kafka'), { exitCode: 0, oomKilled: false, lastAnswer });
    const failure = knownCause(notReady('kafka', 300, lastAnswer), facts);
    expect(failure.code).toBe('ADVERTISE_HOST_UNREACHABLE');
    expect(failure.why).toBe(
      `This job cannot reach the host name that kafka is to be known by.\nThe last probe said: ${lastAnswer}`,
    );
  });
});

describe('the log of a system that is well explains nothing', () => {
  const healthy = ['kafka', 'redis', 'mongodb', 'prometheus', 'loki', 'grafana'];

  test.each(healthy)('%s, which does not work yet', (system) => {
    const failure = notReady(system, 300, 'HTTP 503 from /ready');
    const facts = factsOf(system, logOf(`healthy-${system}`), { exitCode: 0, oomKilled: false });
    expect(knownCause(failure, { ...facts, lastAnswer: 'HTTP 503 from /ready' })).toEqual(failure);
  });

  test.each(healthy)('%s, which somebody has killed', (system) => {
    const failure = exited(system, 137);
    const facts = factsOf(system, logOf(`healthy-${system}`), { exitCode: 137, oomKilled: false });
    expect(knownCause(failure, facts)).toEqual(failure);
  });
});

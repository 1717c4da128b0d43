import { describe, expect, test } from 'vitest';
import { containerFacts } from '../../src/core/evidence/container.ts';
import { argumentsOf, environmentOf } from '../../src/core/evidence/secrets.ts';
import { inspected } from '../fakes/inspected.ts';

const kept = {
  id: 'c0ffee',
  name: 'p-ledger-1',
  service: 'ledger',
  number: 1,
  image: 'ledger:1.2',
  imageId: 'sha256:beef',
  created: '2026-01-02T03:04:05.123456789Z',
  state: {
    status: 'exited',
    exitCode: 137,
    oomKilled: true,
    error: '',
    pid: 0,
    started: '2026-01-02T03:04:06Z',
    finished: '2026-01-02T03:04:09Z',
  },
  restarts: 2,
  health: {
    status: 'unhealthy',
    failingStreak: 3,
    checks: [
      {
        started: '2026-01-02T03:04:07Z',
        ended: '2026-01-02T03:04:08Z',
        exitCode: 1,
        output: 'refused\n',
      },
    ],
  },
  limits: { memoryBytes: 33554432, memoryAndSwapBytes: 67108864, cpuShares: 512, cpus: 1.5, pids: 100 },
  restartPolicy: { name: 'on-failure', maximumRetries: 3 },
  command: ['serve', '--port', '80'],
  entrypoint: ['/entry.sh'],
  user: '1000',
  healthcheck: { test: ['CMD', 'check'], intervalMs: 1500, timeoutMs: 500 },
  ports: [{ container: '80/tcp', host: '127.0.0.1:8080' }],
  networks: [{ name: 'p_default', addresses: ['172.18.0.2'] }],
  mounts: [{ type: 'volume', name: 'p_data', destination: '/data', writable: true }],
  environment: ['DB_PASSWORD', 'PATH', 'EMPTY', 'BARE'],
  labels: { 'com.docker.compose.service': 'ledger', 'com.docker.compose.container-number': '1' },
  logDriver: 'json-file',
};

describe('of what `docker inspect` says', () => {
  test('this is kept', () => {
    expect(containerFacts(inspected())).toEqual(kept);
  });

  test('nothing else is kept: no value of the environment, no other label, no path of the machine', () => {
    const shown = JSON.stringify(containerFacts(inspected()));
    for (const hidden of ['hunter2', 'label-value', '/var/lib', '/home/me', 'domain', 'seccomp', 'host-name'])
      expect([hidden, shown.includes(hidden)]).toEqual([hidden, false]);
  });

  test.each([undefined, null, 7, 'x', [], {}, { Config: 1, State: [], HostConfig: 'x', Mounts: {} }])(
    '%j gives facts without content',
    (value) => {
      expect(containerFacts(value)).toMatchObject({ id: '', service: '', number: 1, restarts: 0, ports: [] });
    },
  );

  test('the ports of a container that runs are those that it has, not those that it wished for', () => {
    const running = inspected({
      NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '32768' }] } },
    });
    expect(containerFacts(running).ports).toEqual([{ container: '80/tcp', host: '0.0.0.0:32768' }]);
  });

  test('a moment that has not been is none', () => {
    const created = inspected({
      State: { Status: 'created', StartedAt: '0001-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z' },
    });
    expect(containerFacts(created).state).toEqual({
      status: 'created',
      exitCode: 0,
      oomKilled: false,
      error: '',
      pid: 0,
    });
  });

  test.each(['', 'two', '0x'])('a number %j of Compose’s is the first', (number) => {
    const labels = { 'com.docker.compose.container-number': number };
    expect(containerFacts({ Config: { Labels: labels } }).number).toBe(1);
  });
});

describe('for the redactor', () => {
  test('every variable is named with its value', () => {
    expect(environmentOf(inspected())).toEqual([
      ['DB_PASSWORD', 'hunter2=x'],
      ['PATH', '/bin'],
      ['EMPTY', ''],
      ['BARE', ''],
    ]);
  });

  test.each<[readonly string[], readonly (readonly [string, string])[]]>([
    [['serve', '--requirepass', 'p w'], [['requirepass', 'p']]],
    [['serve', '--requirepass', 'pw', '--other'], [['requirepass', 'pw']]],
    [['serve', '--password=p=w'], [['password', 'p=w']]],
    [['java', '-Dkey.password=pw'], [['key.password', 'pw']]],
    [
      ['sh', '-c', 'exec serve --token "abc" >log'],
      [
        ['c', 'exec'],
        ['token', 'abc'],
      ],
    ],
    [['TOKEN=abc', 'serve'], [['TOKEN', 'abc']]],
    [['serve', '--flag'], []],
  ])('what %j passes by name is found', (command, found) => {
    expect(argumentsOf({ Config: { Cmd: command } })).toEqual(found);
    expect(argumentsOf({ Config: { Entrypoint: command } })).toEqual(found);
    expect(argumentsOf({ Config: { Healthcheck: { Test: command } } })).toEqual(found);
  });
});

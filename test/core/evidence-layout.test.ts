import { describe, expect, test } from 'vitest';
import {
  artifactPath,
  containerFolders,
  renderProbes,
  renderReadMe,
} from '../../src/core/evidence/layout.ts';

const container = (id: string, service: string, number = 1) => ({ id, service, number });
const folders = (...containers: readonly ReturnType<typeof container>[]) => [
  ...containerFolders(containers).values(),
];

describe('a container', () => {
  test('has the folder of its service', () => {
    expect(folders(container('1', 'ledger'), container('2', 'shop'))).toEqual(['ledger', 'shop']);
  });

  test('has its number in it where the service has several', () => {
    expect(folders(container('1', 'ledger', 1), container('2', 'ledger', 2), container('3', 'shop'))).toEqual(
      ['ledger/1', 'ledger/2', 'shop'],
    );
  });

  test('has a folder of its own whatever labels say', () => {
    const found = folders(
      container('0123456789abcdef', 'ledger', 1),
      container('fedcba9876543210', 'ledger', 1),
      container('3', 'a:b'),
      container('4', 'a?b'),
    );
    expect(found).toEqual(['ledger/1', 'ledger/1-fedcba987654', 'a_b', 'a_b-4']);
  });

  test.each([
    ['..', '_'],
    ['.', '_'],
    ['../../etc', '.._.._etc'],
    ['', 'service-'],
    ['files', 'service-files'],
    ['report.json', 'service-report.json'],
    ['x'.repeat(500), 'x'.repeat(100)],
  ])('of a service called %j is in %j', (service, folder) => {
    expect(folders(container('1', service))).toEqual([folder]);
  });
});

test('a path keeps nothing that the artifact service refuses', () => {
  expect(artifactPath('target/a:b <c> "d"|e*f?g\rh\ni.xml')).toBe('target/a_b _c_ _d__e_f_g_h_i.xml');
});

test('probes are told with their moments', () => {
  const probes = [
    { at: 1234, answer: 'HTTP 503\nfrom /health' },
    { at: 12_345, answer: '' },
  ];
  const system = {
    service: 'ledger',
    title: 'Ledger',
    image: 'l',
    source: 'local',
    after: [],
    stage: 'works',
    urls: [],
    probes,
  } as const;
  expect(renderProbes(system)).toBe(
    [
      'What Ledger answered to probes, each from its moment on, in seconds from the start of the action:',
      '',
      '     1.2 s  HTTP 503 from /health',
      '    12.3 s  passed',
      '',
    ].join('\n'),
  );
});

test('the folder explains itself', () => {
  const files = [
    'files/log.txt',
    'files/logo.png',
    'ledger/1/log.txt',
    'ledger/container.json',
    'report.json',
  ];
  expect(renderReadMe('p', files, ['files/logo.png'])).toBe(
    [
      'Evidence of a run of paklog/infra-action, Compose project p.',
      'Begin with report.json (`failure`) or with the log of the system that failed.',
      'Secrets are hidden in all text.',
      '',
      'files/log.txt          the caller’s own (input `logs-include`)',
      'files/logo.png         the caller’s own (input `logs-include`), no text and therefore as it was',
      'ledger/1/log.txt       the container’s log: time of each line in UTC, both streams in order',
      'ledger/container.json  its state, health history, limits, ports, networks, mounts; of its environment the names',
      'report.json            everything below but the logs, for programs; its `$schema` describes it',
      '',
    ].join('\n'),
  );
});

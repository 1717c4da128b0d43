import { describe, expect, test } from 'vitest';
import { containerFacts } from '../../src/core/evidence/container.ts';
import { makeReport, type ReportParts } from '../../src/core/evidence/report.ts';
import type { RunRecord } from '../../src/core/record.ts';
import { inspected } from '../fakes/inspected.ts';
import { aboutEngine, host } from '../fakes/machine-facts.ts';
import { expectReport, isReport, reportSchema } from '../fakes/report-schema.ts';

/** As a program that reads report.json gets it. */
function report(parts: ReportParts) {
  return JSON.parse(JSON.stringify(makeReport(parts)));
}

const least: ReportParts = {
  project: 'p',
  outcome: 'cancelled',
  variables: {},
  containers: [],
  files: [],
  warnings: [],
  writtenAt: 1_795_576_705_918,
  tookMs: 12.4,
};

const record: RunRecord = {
  project: 'p',
  began: 1_795_576_700_000,
  took: 5000.7,
  outcome: 'failure',
  failure: { code: 'SERVICE_OOM', system: 'ledger', what: 'a', why: 'b', advice: 'c' },
  engine: { version: '28.5.2', api: '1.51', architecture: 'amd64', compose: '2.40.3' },
  systems: [
    {
      service: 'ledger',
      title: 'Ledger',
      image: 'ledger:1.2',
      source: 'pulled',
      after: ['base'],
      stage: 'failed',
      pullStartedAt: 1.2,
      pulledAt: 1000.6,
      startedAt: 2000,
      worksAt: 3000,
      urls: ['http://localhost:8080'],
      probes: [{ at: 2500.4, answer: 'ECONNREFUSED' }],
    },
    {
      service: 'base',
      title: 'Base',
      image: 'base:1',
      source: 'local',
      after: [],
      stage: 'waiting',
      urls: [],
      probes: [],
    },
  ],
  images: [
    { image: 'ledger:1.2', origin: 'cache', digest: 'sha256:1', bytes: 9, seconds: 0.9994, otherWay: 1.5 },
    { image: 'base:1', origin: 'local' },
  ],
  cache: 'The cache was used (cache: auto).',
  warnings: ['a warning of main'],
};

const most: ReportParts = {
  ...least,
  outcome: 'failure',
  record,
  variables: {
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_RUN_ID: '7',
    RUNNER_OS: 'Linux',
    HOME: '/home/me',
    ImageOS: 'ubuntu24',
    GITHUB_REF: '',
  },
  containers: [
    {
      facts: containerFacts(inspected()),
      resources: {
        memoryPeakBytes: 7,
        cpuSeconds: 0.5,
        processes: 1,
        oomKills: 1,
        memoryBytes: 5,
        source: 'cgroup',
      },
      log: { file: 'ledger/log.txt', bytes: 10, complete: false, leftOutBytes: 5, note: 'cut' },
    },
    { facts: containerFacts({ Config: { Labels: { 'com.docker.compose.service': 'stray' } } }) },
  ],
  host,
  engine: aboutEngine.facts,
  events: {
    events: [
      {
        at: '2026-11-25T03:18:25.918Z',
        service: 'ledger',
        container: 'p-ledger-1',
        action: 'die',
        exitCode: 137,
      },
    ],
    full: true,
  },
  files: ['ledger/log.txt'],
  warnings: ['a warning of post'],
};

describe('the schema of report.json', () => {
  test('describes a report with everything, and one with nothing', () => {
    for (const parts of [most, least]) expectReport(report(parts));
  });

  test.each([
    ['a member that it does not know', { more: 1 }],
    ['an outcome that it does not know', { outcome: 'fine' }],
    ['a moment in other words', { writtenAt: 'yesterday' }],
    ['time that is not a whole number', { tookMs: 1.5 }],
    ['a failure without advice', { failure: { code: 'X', what: 'a', why: 'b' } }],
    ['another version', { schemaVersion: 2 }],
    ['an image from nowhere', { images: [{ image: 'a' }] }],
  ])('refuses %s', (_, change) => {
    expect(isReport({ ...report(most), ...change })).toBe(false);
  });

  test('explains every member', () => {
    const silent: string[] = [];
    const walk = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      const { properties = {} } = value as {
        properties?: Record<string, { description?: string; $ref?: string }>;
      };
      for (const [name, member] of Object.entries(properties))
        if (member.description === undefined && member.$ref === undefined) silent.push(`${path}.${name}`);
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    };
    walk(reportSchema, '');
    expect(silent).toEqual([]);
  });
});

describe('a report', () => {
  test('tells the run, the failure and how the stack came up', () => {
    expect(report(most)).toMatchObject({
      $schema: reportSchema.$id,
      writtenAt: '2026-11-25T03:18:25.918Z',
      outcome: 'failure',
      failure: record.failure,
      start: { at: '2026-11-25T03:18:20.000Z', tookMs: 5001, outcome: 'failure', compose: '2.40.3' },
      warnings: ['a warning of main', 'a warning of post'],
      tookMs: 12,
    });
    expect(report(most).run).toEqual({
      repository: 'o/r',
      runId: '7',
      runnerOs: 'Linux',
      runnerImage: 'ubuntu24',
    });
  });

  test('tells of each system what main saw and what its containers came to', () => {
    const [ledger, base, stray] = report(most).systems;
    expect(ledger).toMatchObject({
      service: 'ledger',
      source: 'pulled',
      pullStartedAtMs: 1,
      pulledAtMs: 1001,
      startedAtMs: 2000,
      worksAtMs: 3000,
      probes: [{ atMs: 2500, answer: 'ECONNREFUSED' }],
      containers: [
        {
          name: 'p-ledger-1',
          state: { status: 'exited', exitCode: 137, oomKilled: true },
          restarts: 2,
          health: { status: 'unhealthy', failingStreak: 3 },
          resources: { memoryPeakBytes: 7 },
          log: { file: 'ledger/log.txt', complete: false },
        },
      ],
    });
    expect(base).toMatchObject({ service: 'base', stage: 'waiting', containers: [] });
    expect(stray).toMatchObject({ service: 'stray', containers: [{ restarts: 0 }] });
    expect(stray).not.toHaveProperty('stage');
  });
});

test('a report tells how each image came, and what the cache was used for', () => {
  const { images, cache } = report(most);
  expect(images).toEqual([
    { image: 'ledger:1.2', origin: 'cache', digest: 'sha256:1', bytes: 9, tookMs: 999, otherWayMs: 1500 },
    { image: 'base:1', origin: 'local' },
  ]);
  expect(cache).toBe('The cache was used (cache: auto).');
  expect(report(least)).not.toHaveProperty('images');
});

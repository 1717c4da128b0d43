import { describe, expect, test } from 'vitest';
import type { RunRecord, SystemRecord } from '../../src/core/record.ts';
import { annotation, seconds, table, timings } from '../../src/core/report.ts';

const common = { title: '', image: '', source: 'local', after: [], stage: 'works', probes: [] } as const;
const systems: readonly SystemRecord[] = [
  {
    ...common,
    service: 'queue',
    pullStartedAt: 1,
    pulledAt: 300,
    startedAt: 400,
    worksAt: 12_345,
    urls: ['localhost:7002'],
  },
  { ...common, service: 'store', startedAt: 1000, urls: ['store://localhost:7003/main', 'localhost:7004'] },
  { ...common, service: 'app', urls: [] },
];
const record: RunRecord = {
  project: 'p-1',
  began: 0,
  took: 13_000,
  outcome: 'success',
  systems,
  warnings: [],
};

test.each([
  [0, '0.0'],
  [49, '0.0'],
  [1250, '1.3'],
  [61_000, '61.0'],
])('%i ms are %s s', (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text);
});

describe('the annotation', () => {
  const failure = {
    code: 'SERVICE_EXITED',
    system: 'store',
    what: 'store exited.',
    why: 'It could not write.',
    advice: 'Give it space.',
  };
  const told = [
    'store exited.',
    'Why: It could not write.',
    'What to do: Give it space.',
    'More about SERVICE_EXITED: https://github.com/paklog/infra-action/blob/v1/docs/troubleshooting.md#service_exited',
  ];

  test('names the system, the cause, what to do and where more stands, then the end of the log', () => {
    expect(annotation(failure, 'one\ntwo\n')).toEqual({
      title: 'infra-action: store: SERVICE_EXITED',
      text: [...told, '', "The end of store's log:", 'one', 'two'].join('\n'),
    });
  });

  test('shows a log in plain letters, and no line of it at full length', () => {
    const { text } = annotation(failure, `\u001b[31mred\u001b[0m\r\n${'x'.repeat(5000)}`);
    expect(text.split('\n').slice(-2)).toEqual(['red', `${'x'.repeat(299)}…`]);
  });

  test('says nothing of a log that is not there', () => {
    expect(annotation(failure, ' \n').text).toBe(told.join('\n'));
  });

  test('without a system speaks of the infrastructure', () => {
    const { system: _system, ...whole } = failure;
    expect(annotation(whole, '').title).toBe('infra-action: PakLog infrastructure: SERVICE_EXITED');
  });
});

test('the table of a run', () => {
  expect(table(record)).toBe(
    [
      'system  works after  addresses',
      'queue   12.3 s       localhost:7002',
      'store                store://localhost:7003/main  localhost:7004',
      'app',
    ].join('\n'),
  );
});

test('the timings of a run', () => {
  const images = [
    { image: 'queue:1', origin: 'cache', digest: 'sha256:1', bytes: 7, seconds: 1.2345, otherWay: 2 },
    { image: 'store:1', origin: 'local' },
  ] as const;
  expect(JSON.parse(JSON.stringify(timings({ ...record, images })))).toEqual({
    systems: [
      { service: 'queue', pullStartedAt: 1, pulledAt: 300, startedAt: 400, worksAt: 12_345 },
      { service: 'store', startedAt: 1000 },
      { service: 'app' },
    ],
    images: [
      { image: 'queue:1', origin: 'cache', bytes: 7, took: 1235, otherWay: 2000 },
      { image: 'store:1', origin: 'local' },
    ],
  });
  expect(timings(record).images).toEqual([]);
});

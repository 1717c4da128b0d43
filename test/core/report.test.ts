import { describe, expect, test } from 'vitest';
import { reachable } from '../../src/core/endpoints.ts';
import { annotation, seconds, summary, table } from '../../src/core/report.ts';
import { sampleCatalogue } from './sample.ts';

const bindings = [
  { service: 'queue', target: 7002, protocol: 'tcp', host: 7002 },
  { service: 'store', target: 7003, protocol: 'tcp', host: 7003 },
];
const endpoints = reachable(sampleCatalogue, ['queue', 'store', 'app'], bindings, 'localhost');
const timings = [
  { service: 'queue', startedAt: 400, worksAt: 12_345 },
  { service: 'store', startedAt: 1000 },
];

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

  test('names the system, the cause and what to do, then the end of the log', () => {
    expect(annotation(failure, 'one\ntwo\n')).toEqual({
      title: 'infra-action: store: SERVICE_EXITED',
      text: [
        'store exited.',
        'Why: It could not write.',
        'What to do: Give it space.',
        '',
        "The end of store's log:",
        'one',
        'two',
      ].join('\n'),
    });
  });

  test('says nothing of a log that is not there', () => {
    expect(annotation(failure, ' \n').text).toBe(
      'store exited.\nWhy: It could not write.\nWhat to do: Give it space.',
    );
  });

  test('without a system speaks of the infrastructure', () => {
    const { system: _system, ...whole } = failure;
    expect(annotation(whole, '').title).toBe('infra-action: PakLog infrastructure: SERVICE_EXITED');
  });
});

test('the table of a run', () => {
  expect(table(['queue', 'store', 'app'], endpoints, timings)).toBe(
    [
      'system  works after  addresses',
      'queue   12.3 s       localhost:7002',
      'store                store://localhost:7003/main',
      'app',
    ].join('\n'),
  );
});

test('the summary of a run', () => {
  const services = [
    { service: 'queue', image: 'acme/queue:1' },
    { service: 'app', image: 'acme/app:1' },
  ];
  expect(summary('p-1', services, endpoints, timings)).toBe(
    [
      '### Infrastructure `p-1`',
      '',
      '| system | image | started, s | works, s | addresses |',
      '|---|---|--:|--:|---|',
      '| queue | `acme/queue:1` | 0.4 | 12.3 | `localhost:7002` |',
      '| app | `acme/app:1` |  |  |  |',
      '',
    ].join('\n'),
  );
});

import { describe, expect, test } from 'vitest';
import { doing, liveTable, news, phaseOf, reminder } from '../../src/core/progress.ts';
import type { SystemRecord } from '../../src/core/record.ts';

function system(service: string, more: Partial<SystemRecord> = {}): SystemRecord {
  const nothing = { source: 'local', after: [], stage: 'waiting', urls: [], probes: [] } as const;
  return { service, title: service, image: `${service}:1`, ...nothing, ...more };
}

const works = { stage: 'works', startedAt: 200, worksAt: 1400 } as const;

describe('what a system does', () => {
  test.each<[string, Partial<SystemRecord>, string]>([
    ['waits for those that do not work yet', { after: ['base', 'store'] }, 'waiting for store'],
    ['waits for nothing but its turn', { after: ['base'] }, 'waiting for its turn'],
    ['pulls', { stage: 'pulling', pullStartedAt: 100 }, 'pulling top:1'],
    ['starts without an answer', { stage: 'starting', startedAt: 10 }, 'starting'],
    [
      'starts with the newest answer',
      {
        stage: 'starting',
        probes: [
          { at: 1, answer: 'ECONNREFUSED' },
          { at: 2, answer: 'HTTP 503' },
        ],
      },
      'starting: HTTP 503',
    ],
    ['works', works, 'works, 1.2 s after its start'],
    ['failed', { stage: 'failed' }, 'failed'],
  ])('%s', (_, more, text) => {
    const top = system('top', more);
    expect(doing(top, [system('base', works), system('store'), top])).toBe(text);
  });
});

test.each<[string, readonly SystemRecord[], string | undefined]>([
  ['an image is missing', [system('a', { source: 'pulled' }), system('b', works)], 'Images'],
  ['something has not started', [system('a', { source: 'pulled', pulledAt: 3 })], 'Start'],
  ['something does not work', [system('a', { startedAt: 3 }), system('b', works)], 'Ready'],
  ['all work', [system('a', works)], undefined],
])('the phase when %s', (_, systems, phase) => {
  expect(phaseOf(systems)).toBe(phase);
});

describe('news', () => {
  const base = system('base', { stage: 'starting', startedAt: 100, probes: [{ at: 150, answer: 'no' }] });
  const top = system('top', { after: ['base'] });
  const first = news([base, top], new Map(), 300);

  test('begin with every system', () => {
    expect(first.lines).toEqual(['   0.3 s  base  starting: no', '   0.3 s  top   waiting for base']);
  });

  test('are none where nothing has changed', () => {
    expect(news([base, top], first.shown, 60_000).lines).toEqual([]);
  });

  test('of another stage come at once, with the moment of the change', () => {
    expect(news([system('base', works), top], first.shown, 1500).lines).toEqual([
      '   1.4 s  base  works, 1.2 s after its start',
    ]);
  });

  test('of another answer come once in a while', () => {
    const flapping = { ...base, probes: [{ at: 400, answer: 'HTTP 503' }] };
    expect(news([flapping, top], first.shown, 5200).lines).toEqual([]);
    expect(news([flapping, top], first.shown, 5300).lines).toEqual(['   5.3 s  base  starting: HTTP 503']);
  });

  test('do not tell that a container exists', () => {
    expect(news([base, { ...top, stage: 'created' }], first.shown, 400).lines).toEqual([]);
  });
});

test('the reminder names who is waited for', () => {
  const open = system('base', { startedAt: 1, probes: [{ at: 2, answer: 'HTTP 503 from /' }] });
  expect(reminder([system('a', works), open, system('top')], 15_000)).toBe(
    '15.0 s: waiting for base (HTTP 503 from /), top (not started)',
  );
});

test('the table for a terminal has a line for each system, none longer than the terminal', () => {
  const top = system('top', { after: ['a-rather-long-name', 'another-long-name'] });
  expect(liveTable([system('base', works), top], 2000, 40)).toEqual([
    '✔ base  works, 1.2 s after its start',
    '· top   waiting for a-rather-long-name,…',
    '   2.0 s  1 of 2 work',
  ]);
});

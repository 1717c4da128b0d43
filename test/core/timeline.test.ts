import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain } from '../../src/core/markdown.ts';
import type { RunRecord, SystemRecord } from '../../src/core/record.ts';
import { criticalChain } from '../../src/core/summary/critical-chain.ts';
import { timeline } from '../../src/core/summary/timeline.ts';
import { anyText } from './any-text.ts';
import { drawn } from './mermaid.ts';
import { failure, success } from './summary-samples.ts';

const chart = (record: RunRecord) => timeline(record, criticalChain(record));
const anySystem = success.systems[0] as SystemRecord;

function run(systems: readonly Partial<SystemRecord>[], rest: Partial<RunRecord> = {}): RunRecord {
  const whole = systems.map((system) => ({ ...anySystem, ...system }));
  return { ...success, systems: whole, ...rest };
}

describe('the timeline', () => {
  test('shows pulls and starts of every system, and in one colour what bounded the time', async () => {
    const bars = await drawn(chart(success));
    const told = bars.map(({ section, from, to, words, tag }) => `${section} ${from}-${to} ${tag} ${words}`);
    expect(new Set(bars.map(({ section }) => section)).size).toBe(11);
    expect(told.slice(0, 5)).toEqual([
      'zookeeper 0-0 done \u200b',
      'zookeeper 900-6800 done pull 5.9 s',
      'zookeeper 7000-8700 active 1.7 s',
      'pinot-controller 900-17900 crit pull 17.0 s',
      'pinot-controller 18300-24600 crit start 6.3 s',
    ]);
    expect(told.filter((bar) => bar.includes('crit'))).toEqual([
      ...told.slice(3, 5),
      'pinot-server 24800-30200 crit start 5.4 s',
    ]);
  });

  test('of a failure ends where the run ended', async () => {
    const bars = await drawn(chart(failure.record));
    const kafka = bars.filter(({ section }) => section === 'kafka');
    expect(kafka.map(({ from, to, tag }) => [from, to, tag])).toEqual([
      [900, 16_500, 'crit'],
      [16_900, 20_200, 'crit'],
    ]);
    expect(Math.max(...bars.map(({ to }) => to))).toBe(20_200);
  });

  test.each([
    [9_000, '%-S s', '1second'],
    [45_000, '%-S s', '5second'],
    [300_000, '%-M:%S', '30second'],
    [7_200_000, '%-M:%S', '10minute'],
    [90_000_000, '%-M:%S', '60minute'],
  ])('of %i ms has an axis that can be read', async (worksAt, axis, tick) => {
    const text = chart(run([{ startedAt: 1000, worksAt }], { took: worksAt }));
    expect(text).toContain(`axisFormat ${axis}\n    tickInterval ${tick}\n`);
    await expect(drawn(text)).resolves.toHaveLength(3);
  });

  test('explains only the colours that it has', () => {
    expect(chart(success)).toContain('Orange: bounded the time.');
    expect(chart(failure.record)).toContain('Red: the way to the failure.');
    expect(chart({ ...success, outcome: 'cancelled' })).not.toMatch(/Orange|Red|crit/);
  });

  test('is empty where nothing has begun', () => {
    expect(timeline(run([]), [])).toBe('');
    const { pullStartedAt: _a, pulledAt: _b, startedAt: _c, worksAt: _d, ...rest } = anySystem;
    expect(timeline({ ...success, systems: [rest] }, [])).toBe('');
  });

  test('of thousands of systems keeps those that bounded the time, and stays below what GitHub draws', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      service: `${'名😀'.repeat(30)}${index}`,
      after: [],
    }));
    const quick = { startedAt: 100, pullStartedAt: 10, pulledAt: 90, worksAt: 110 };
    const chain = [
      { ...quick, service: 'first', pulledAt: 20, startedAt: 30, worksAt: 40 },
      { ...quick, service: 'last', after: ['first'], pulledAt: 15, startedAt: 41, worksAt: 30_000 },
    ];
    const text = chart(run([...many.map((each) => ({ ...each, ...quick })), ...chain]));
    expect(text.length).toBeLessThan(50_000);
    const sections = new Set((await drawn(text)).map(({ section }) => section));
    expect([...sections]).toEqual(expect.arrayContaining(['first', 'last']));
    expect(sections.size).toBeLessThanOrEqual(60);
  });
});

const reserved = [
  'section',
  'title x',
  'constructor',
  '__proto__',
  '1',
  'a:b',
  'a;b',
  '#',
  '%%{init}%%',
  'click',
  '<b>',
  '"',
];

test('every name is shown as it is and changes nothing else', async () => {
  const name = fc.oneof(fc.constantFrom(...reserved), anyText({ minLength: 1 }));
  const visible = name.filter((text) => plain(text) !== '');
  await fc.assert(
    fc.asyncProperty(visible, async (service) => {
      const bars = await drawn(chart(run([{ service }])));
      expect(bars.map(({ section }) => section)).toEqual(Array(3).fill(plain(service)));
    }),
  );
});

import { describe, expect, test } from 'vitest';
import type { RunRecord, SystemRecord } from '../../src/core/record.ts';
import { renderAfter, renderSummary, type SummaryInput } from '../../src/core/summary/summary.ts';
import { githubHtml } from './github-html.ts';
import { drawn } from './mermaid.ts';
import { after, cancelled, failure, ownServices, refused, success } from './summary-samples.ts';

const runs: readonly (readonly [string, SummaryInput])[] = [
  ['success', { record: success }],
  ['failure', failure],
  ['cancelled', { record: cancelled }],
  ['refused', { record: refused }],
  ['own-services', ownServices],
];

describe('the summary of a run', () => {
  test.each(runs)('reads well: %s', async (name, input) => {
    await expect(renderSummary(input)).toMatchFileSnapshot(`golden/summary/${name}.md`);
  });

  test.each(runs)('has a timeline that Mermaid draws, where anything began: %s', async (_, input) => {
    const [, chart] = /^```mermaid\n(.*?)\n```$/ms.exec(renderSummary(input)) ?? [];
    const begun = input.record.systems.some(({ startedAt, pullStartedAt }) => startedAt ?? pullStartedAt);
    expect(chart !== undefined).toBe(begun);
    if (chart !== undefined) await expect(drawn(chart)).resolves.not.toEqual([]);
  });

  test('has the failing system before everything else', () => {
    const text = renderSummary(failure);
    const order = [
      '### ❌ kafka',
      'exited with code 1',
      'shut down completed',
      'infra-logs',
      '❌ **kafka**',
      '✅ **zookeeper**',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('shows the last lines of a log, and folds the ones before', () => {
    const failureLog = Array.from({ length: 60 }, (_, index) => `line ${index + 1}.`).join('\n');
    const html = githubHtml(renderSummary({ ...failure, failureLog }));
    const [open = '', folded = ''] = html.split('<details>');
    expect(open).toContain('line 41.\n');
    expect(open).not.toContain('line 40.\n');
    expect(folded).toContain('<summary>40 lines before these</summary>');
    expect(folded).toContain('line 1.\n');
  });

  test('says nothing of a log that is not there', () => {
    expect(renderSummary({ ...failure, failureLog: ' \n' })).not.toMatch(/log\*\*|```text/);
  });

  test('counts warnings that are too many', () => {
    const warnings = Array.from({ length: 25 }, (_, index) => `warning ${index}`);
    const text = renderSummary({ record: { ...success, warnings } });
    expect(text).toContain('> - warning 19\n> - and 5 more\n');
  });

  test('names few of a long chain', () => {
    const systems = Array.from({ length: 12 }, (_, index) => chained(index));
    const text = renderSummary({ record: { ...success, systems } });
    expect(text).toContain(
      '**s2** (0.1 s) → **s3** (0.1 s) → … → **s9** (0.1 s) → **s10** (0.1 s) → **s11** (0.1 s) bounded the time',
    );
  });
});

function chained(index: number): SystemRecord {
  const [any] = success.systems;
  const moments = { startedAt: 100 * index, worksAt: 100 * index + 100 };
  return {
    ...(any as SystemRecord),
    ...moments,
    source: 'local',
    service: `s${index}`,
    after: [`s${index - 1}`],
  };
}

describe('what became of a system', () => {
  const record: RunRecord = { ...failure.record, failure: { ...failure.record.failure, system: 'other' } };
  const cellOf = (
    system: Partial<SystemRecord>,
    seen?: { status: string; exitCode: number; oomKilled?: boolean },
  ) => {
    const { startedAt: _s, worksAt: _w, pulledAt: _p, ...bare } = success.systems[1] as SystemRecord;
    const states = seen === undefined ? [] : [{ service: bare.service, oomKilled: false, ...seen }];
    const text = renderSummary({ record: { ...record, systems: [{ ...bare, ...system }] }, states });
    const [, mark, words] = /^\| (\S+) \*\*pinot-controller.*\| ([^|]*) \|$/m.exec(text) ?? [];
    return `${mark} ${words}`;
  };
  const local = { source: 'local' } as const;

  test.each([
    ['an image that is not there yet', { stage: 'waiting' }, '⏳ image not pulled yet'],
    ['a pull', { stage: 'pulling' }, '⏳ image was being pulled'],
    ['a dependency that does not work', { ...local, stage: 'waiting' }, '⏳ waited for `zookeeper`'],
    ['nothing to wait for', { ...local, stage: 'created', after: [] }, '⏳ not started'],
    ['a start', { ...local, stage: 'starting' }, '⏳ was starting'],
    [
      'an answer',
      { ...local, stage: 'starting', probes: [{ at: 1, answer: 'HTTP 503' }] },
      '⏳ was starting; last answer: `HTTP 503`',
    ],
    ['success', { ...local, stage: 'works' }, '✅ works'],
    ['failure', { ...local, stage: 'failed' }, '❌ **failed**'],
  ] as const)('by its record: %s', (_, system, words) => {
    expect(cellOf(system)).toBe(words);
  });

  test.each([
    ['running', { stage: 'works' }, { status: 'running', exitCode: 0 }, '✅ works'],
    ['a clean end', { stage: 'works' }, { status: 'exited', exitCode: 0 }, '✅ ended'],
    [
      'a later crash',
      { stage: 'works' },
      { status: 'exited', exitCode: 3 },
      '⚠️ worked, then exited with code 3',
    ],
    [
      'no memory',
      { stage: 'works' },
      { status: 'exited', exitCode: 137, oomKilled: true },
      '⚠️ worked, then killed for want of memory',
    ],
    ['a crash on the way', { stage: 'starting' }, { status: 'dead', exitCode: 1 }, '⚠️ exited with code 1'],
    [
      'the failure',
      { stage: 'failed' },
      { status: 'exited', exitCode: 1 },
      '❌ **failed**: exited with code 1',
    ],
  ] as const)('by its container: %s', (_, system, seen, words) => {
    expect(cellOf({ ...local, ...system }, seen)).toBe(words);
  });
});

describe('the end of a job', () => {
  test('adds what fell and where the logs are', async () => {
    await expect(renderAfter(after)).toMatchFileSnapshot('golden/summary/after.md');
  });

  test('adds nothing where there is nothing to say', () => {
    expect(renderAfter({ fallen: [], warnings: [] })).toBe('');
  });

  test('has only the logs after a job without news', () => {
    expect(renderAfter({ fallen: [], warnings: [], artifact: { name: 'logs-1' } })).toBe(
      '### 📄 Logs of the infrastructure\n\nEvery system’s whole log is in the artifact `logs-1`.\n',
    );
  });

  test('counts the systems that are too many', () => {
    const fallen = Array.from({ length: 14 }, () => after.fallen).flat();
    expect(renderAfter({ ...after, fallen })).toContain('\n\n4 more systems stopped during the job.\n\n');
  });
});

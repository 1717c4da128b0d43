import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownFiles } from './checkout.ts';
import { type IssueServer, serveIssues } from './issue-server.ts';
import { perform, performBeside, scriptOf } from './step-scripts.ts';

const [file] = ownFiles('.github/workflows/smoke.yml');
const { jobs } = parse(file?.text ?? '') as {
  jobs: {
    smoke: { strategy: { matrix: { os: readonly string[] } } };
    report: { steps: readonly { id?: string; env?: Readonly<Record<string, string>> }[] };
    issue: { steps: readonly { env: Readonly<Record<string, string>> }[] };
  };
};
const runners = jobs.smoke.strategy.matrix.os;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  mkdirSync(join(folder, 'checkout'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const redis = { id: 'redis.set-get', promise: 'A value that is set is what is got.' };
const kafka = { id: 'kafka.records', promise: 'What is sent is read.' };
type Outcomes = readonly (readonly [{ readonly id: string; readonly promise: string }, string])[];

function reportOf(outcomes: Outcomes) {
  const checks = outcomes.map(([check, outcome]) => ({ ...check, outcome, ms: 1 }));
  return { version: 1, project: 'p', began: '2030-01-02T03:04:05.678Z', took: 21_203, checks };
}

describe('what a job keeps', () => {
  const keep = (env: Readonly<Record<string, string>>) =>
    perform(scriptOf('smoke.yml', 'smoke', 'keep'), { folder, env: { RUNNER_TEMP: folder, ...env } });
  const found = (name: string): string => readFileSync(join(folder, 'found', name), 'utf8');

  test('is how it ended, and both reports', () => {
    const [report, junit] = [join(folder, 'a.json'), join(folder, 'a.xml')];
    writeFileSync(report, '{}');
    writeFileSync(junit, '<a/>');
    const env = { STACK: 'success', SMOKE: 'failure', REPORT: report, JUNIT: junit };
    expect(keep(env)).toMatchObject({ code: 0 });
    expect(JSON.parse(found('ends.json'))).toEqual({ stack: 'success', smoke: 'failure' });
    expect([found('report.json'), found('junit.xml')]).toEqual(['{}', '<a/>']);
  });

  test('is how it ended where there is no report', () => {
    const env = { STACK: 'failure', SMOKE: 'skipped', REPORT: '', JUNIT: '' };
    expect(keep(env)).toMatchObject({ code: 0 });
    expect(JSON.parse(found('ends.json'))).toEqual({ stack: 'failure', smoke: 'skipped' });
    expect(() => found('report.json')).toThrow('ENOENT');
  });
});

describe('the one report', () => {
  const step = jobs.report.steps.find(({ id }) => id === 'merge');

  function leave(runner: string, files: Readonly<Record<string, unknown>>): void {
    const artifact = join(folder, 'checkout', 'found', `smoke-${runner}`);
    mkdirSync(artifact, { recursive: true });
    for (const [name, value] of Object.entries(files))
      writeFileSync(join(artifact, `${name}.json`), JSON.stringify(value));
  }
  const well = {
    ends: { stack: 'success', smoke: 'success' },
    report: reportOf([
      [redis, 'passed'],
      [kafka, 'skipped'],
    ]),
  };
  const broken = (outcomes: Outcomes) => ({
    ends: { stack: 'success', smoke: 'failure' },
    report: reportOf(outcomes),
  });

  function merge(result: string) {
    const summary = join(folder, 'summary');
    const env = { ...step?.env, RESULT: result, GITHUB_STEP_SUMMARY: summary };
    const { code, output, outputs } = perform(scriptOf('smoke.yml', 'report', 'merge'), { folder, env });
    expect(code, output).toBe(0);
    return { broken: outputs['broken']?.split('\n').slice(2), summary: readFileSync(summary, 'utf8') };
  }

  test('looks for every runner', () => {
    expect(step?.env?.['RUNNERS']?.split(' ')).toEqual(runners);
    expect(runners).toEqual(['ubuntu-24.04', 'ubuntu-26.04', 'ubuntu-24.04-arm', 'ubuntu-26.04-arm']);
  });

  test('has a line for each runner, and nothing broken where all is well', () => {
    for (const runner of runners) leave(runner, well);
    const merged = merge('success');
    expect(merged.broken).toBeUndefined();
    for (const runner of runners) expect(merged.summary).toContain(`\n| ${runner} | 1 | 0 | 1 | 21 |\n`);
  });

  test('says which promise is broken where', () => {
    leave('ubuntu-24.04', broken([[redis, 'failed']]));
    leave('ubuntu-26.04', well);
    const both = broken([
      [redis, 'failed'],
      [kafka, 'failed'],
    ]);
    leave('ubuntu-24.04-arm', both);
    leave('ubuntu-26.04-arm', well);
    const merged = merge('failure');
    expect(merged.broken).toEqual([
      `| \`${kafka.id}\` ${kafka.promise} | ubuntu-24.04-arm |`,
      `| \`${redis.id}\` ${redis.promise} | ubuntu-24.04, ubuntu-24.04-arm |`,
    ]);
    expect(merged.summary).toContain(merged.broken?.join('\n'));
  });

  test('says where it did not come to promises', () => {
    leave('ubuntu-24.04', { ends: { stack: 'failure', smoke: 'skipped' } });
    leave('ubuntu-26.04', { ends: { stack: 'success', smoke: 'failure' } });
    leave('ubuntu-26.04-arm', { ...well, ends: { stack: 'success', smoke: 'failure' } });
    const merged = merge('failure');
    expect(merged.broken).toEqual([
      '| The checks ended without a report. | ubuntu-26.04 |',
      '| The checks failed, although no promise is broken. | ubuntu-26.04-arm |',
      '| The job ended before it could tell what it found. | ubuntu-24.04-arm |',
      '| The stack did not come up. | ubuntu-24.04 |',
    ]);
    expect(merged.summary).toContain('| ubuntu-24.04-arm | no report |');
  });

  test('believes a failed job more than reports without a fault', () => {
    for (const runner of runners) leave(runner, well);
    expect(merge('failure').broken).toEqual([
      '| A job failed, although every promise holds. | its log tells |',
    ]);
  });
});

describe('the one issue', () => {
  const title = jobs.issue.steps[0]?.env['TITLE'] ?? '';
  let server: IssueServer;

  beforeEach(async () => {
    server = await serveIssues('t0ken');
  });

  afterEach(() => server.close());

  /** A night that finds this broken; what it changed at GitHub. */
  async function night(run: number, broken: string, token = 't0ken') {
    const before = server.changes.length;
    const { code, output } = await performBeside(scriptOf('smoke.yml', 'issue', 'issue'), {
      folder,
      env: {
        GH_TOKEN: token,
        API: server.url,
        TITLE: title,
        RUN: `https://github.com/octo/shop/actions/runs/${run}`,
        BROKEN: broken,
        GITHUB_SHA: '0123456789',
      },
    });
    return { code, output, changes: server.changes.slice(before) };
  }
  const table = '| broken | where |\n|---|---|\n| `redis.aof` It "survives" a restart. | ubuntu-24.04 |';

  test('is not opened where nothing is broken', async () => {
    expect(await night(1, '')).toMatchObject({ code: 0, changes: [] });
  });

  test('is opened, stays one, is closed, and opened again', async () => {
    expect(await night(1, table)).toMatchObject({ code: 0, changes: ['POST issues'] });
    expect(server.issues).toMatchObject([{ title, labels: ['smoke'], state: 'open', comments: [] }]);
    expect(server.issues[0]?.body).toContain(
      `Commit 0123456, [run](https://github.com/octo/shop/actions/runs/1):\n\n${table}`,
    );

    const update = ['PATCH issues/1', 'POST issues/1/comments'];
    expect(await night(2, table)).toMatchObject({ code: 0, changes: update });
    expect(server.issues).toMatchObject([
      { state: 'open', comments: [expect.stringMatching(/^Still broken.*\/2\)/)] },
    ]);
    expect(server.issues[0]?.body).toContain('/runs/2):');

    expect(await night(3, '')).toMatchObject({ code: 0, changes: update.toReversed() });
    expect(server.issues).toMatchObject([{ state: 'closed', title }]);
    expect(server.issues[0]?.comments.at(-1)).toMatch(/^Every promise holds again.*\/3\)/);
    expect(await night(4, '')).toMatchObject({ code: 0, changes: [] });

    expect(await night(5, table)).toMatchObject({ code: 0, changes: update });
    expect(server.issues).toMatchObject([{ state: 'open' }]);
    expect(server.issues[0]?.comments.at(-1)).toMatch(/^Broken again.*\/5\)/);
  });

  test('is neither somebody else’s nor one about something else', async () => {
    const other = { number: 1, title, body: '', state: 'open', labels: ['smoke'], comments: [] } as const;
    const creator = 'github-actions[bot]';
    server.issues.push({ ...other, creator: 'octocat' });
    server.issues.push({ ...other, creator, number: 2, title: 'Another' });
    server.issues.push({ ...other, creator, number: 3, labels: [] });
    server.issues.push({ ...other, creator, number: 4, pull_request: {} });
    expect(await night(1, '')).toMatchObject({ code: 0, changes: [] });
    expect(await night(2, table)).toMatchObject({ code: 0, changes: ['POST issues'] });
    expect(server.issues).toHaveLength(5);
  });

  test('fails the job where GitHub refuses', async () => {
    const { code, changes } = await night(1, table, 'expired');
    expect({ code, changes }).toEqual({ code: 22, changes: [] });
  });
});

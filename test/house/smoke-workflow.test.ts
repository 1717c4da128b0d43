import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownFiles } from './checkout.ts';
import { perform, scriptOf } from './step-scripts.ts';

const [file] = ownFiles('.github/workflows/smoke.yml');

interface StepWithEnv {
  readonly id?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface JobWithRights {
  readonly if?: string;
  readonly permissions?: unknown;
  readonly steps: readonly StepWithEnv[];
}

const { jobs } = parse(file?.text ?? '') as {
  jobs: Record<'report' | 'issue', JobWithRights> & {
    smoke: JobWithRights & { strategy: { matrix: { os: readonly string[] } } };
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

test('only the job that keeps the issue has a right, and it runs nothing but its script, for main alone', () => {
  const rights = Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]);
  expect(Object.fromEntries(rights)).toEqual({ issue: { issues: 'write' } });
  expect(jobs.issue.steps.filter(({ uses }) => uses !== undefined)).toEqual([]);
  expect(jobs.issue.if).toContain(
    "github.workflow_ref == 'paklog/infra-action/.github/workflows/smoke.yml@refs/heads/main'",
  );
});

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

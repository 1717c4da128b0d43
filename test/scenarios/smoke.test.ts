import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checks } from '../../smoke/checks/all.ts';
import type { Report } from '../../smoke/core/report.ts';
import { type JobResult, run, runJob, stepOf, use } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import { repository } from './caller-stack.ts';
import { stackImage } from './callers-files.ts';
import { haveImage } from './docker.ts';

const smoke = (
  given: Readonly<Record<string, string>> = {},
  more: { readonly continueOnError?: boolean } = {},
) => use({ id: 'smoke', action: join(repository, 'smoke'), with: given, ...more });

interface Proven {
  readonly job: JobResult;
  readonly report: Report;
  readonly junit: string;
}

/** A job that brings a stack up, proves it, and reads the files while they are there. */
async function prove(
  stack: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Proven> {
  const leaks = await leaksOf();
  const texts: Record<string, string> = {};
  const job = await runJob({
    files,
    steps: [
      use({ id: 'infra', action: repository, with: { logs: 'never', ...stack } }),
      smoke(given, { continueOnError: true }),
      run('read', async ({ outputs }) => {
        for (const name of ['report', 'junit'] as const)
          texts[name] = await readFile(outputs['smoke']?.[name] ?? '', 'utf8');
      }),
    ],
  });
  expect(job.conclusion, job.text).toBe('success');
  expect(await leaks()).toEqual([]);
  return { job, report: JSON.parse(texts['report'] ?? '') as Report, junit: texts['junit'] ?? '' };
}

const idsOf = ({ checks: results }: Report, outcome: string) =>
  results.flatMap((result) => (result.outcome === outcome ? [result.id] : []));

describe('the built smoke action', { timeout: 400_000 }, () => {
  test('proves every promise of the whole stack, which it finds by itself', async () => {
    const { job, report, junit } = await prove({});
    const { exitCode, outputs, annotations, summary, log } = stepOf(job, 'smoke');
    expect({ exitCode, annotations, failed: idsOf(report, 'failed') }, job.text).toEqual({
      exitCode: 0,
      annotations: [],
      failed: [],
    });
    const notAsked = checks.filter(({ option }) => option?.isOn({}) === false).map(({ id }) => id);
    expect(notAsked).toEqual(['mongodb.transaction', 'mongodb.change-stream']);
    expect(report.checks.map(({ id }) => id)).toEqual(
      checks.map(({ id }) => id).filter((id) => !notAsked.includes(id)),
    );
    const skippable = checks.filter(({ standIns }) => standIns !== undefined).map(({ id }) => id);
    expect(idsOf(report, 'skipped').filter((id) => !skippable.includes(id))).toEqual([]);
    expect(outputs).toMatchObject({
      passed: String(idsOf(report, 'passed').length),
      failed: '0',
      skipped: String(idsOf(report, 'skipped').length),
    });
    expect(junit.match(/<testcase /g)).toHaveLength(report.checks.length);
    expect(summary).toContain('## ✅ Every promise of the stack holds');
    expect(summary.match(/^\| .* \| (passed|skipped: .*) \|/gm)).toHaveLength(report.checks.length);
    expect(log.filter((line) => /^[✓-] \w+\.[\w-]+ /.test(line))).toHaveLength(report.checks.length);
  });

  test('reports what a wrong configuration breaks, each by its name with request and answer, and nothing else', async () => {
    const wrong = {
      services: {
        kafka: {
          environment: {
            KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
            // No other container reaches this listener; the broker reaches itself by the other one.
            KAFKA_LISTENERS: 'PLAINTEXT://127.0.0.1:29092,PLAINTEXT_HOST://0.0.0.0:9092',
            KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT_HOST',
          },
        },
        redis: { command: ['redis-server', '--appendonly', 'no'] },
      },
    };
    const init = "db.getSiblingDB('cartonization').cartons.dropIndex('dimensions');";
    const { job, report } = await prove(
      { services: 'core', 'compose-files': 'wrong.yaml', 'mongodb-init': 'wrong.js' },
      { checks: 'core' },
      { 'wrong.yaml': JSON.stringify(wrong), 'wrong.js': init },
    );
    const broken = ['kafka.auto-create', 'kafka.in-network', 'redis.aof', 'mongodb.indexes'];
    expect(idsOf(report, 'failed'), job.text).toEqual(broken);
    const { exitCode, outputs, annotations, summary } = stepOf(job, 'smoke');
    expect([exitCode, outputs['failed']]).toEqual([1, '4']);
    expect(annotations.map(({ level, title }) => `${level} ${title}`)).toEqual(
      broken.map((id) => `error smoke: ${id}`),
    );
    for (const { message } of annotations) expect(message).toMatch(/^Broken: .+\nRequest: .+\nAnswer: .+/);
    expect(summary).toContain('## ❌ 4 promises are broken');
    expect(summary).toContain('"aof_enabled":"0"');
  });
});

test('bad inputs are all told at once, before anything is asked', { timeout: 60_000 }, async () => {
  const given = { checks: 'redis.set-gt, !graphana', 'project-name': 'nobody-has-it', timeout: 'soon' };
  const job = await runJob({ steps: [smoke(given)] });
  const { exitCode, annotations, outputs } = stepOf(job, 'smoke');
  expect({ exitCode, outputs }, job.text).toEqual({ exitCode: 1, outputs: {} });
  expect(annotations).toHaveLength(1);
  for (const named of ['timeout: "soon"', 'no stack "nobody-has-it"', '"redis.set-gt"', '"graphana"'])
    expect(annotations[0]?.message).toContain(named);
});

test('a stack that another job has kept is found by its name and the addresses that it told', {
  timeout: 120_000,
}, async () => {
  await haveImage(stackImage('redis'));
  const leaks = await leaksOf();
  const project = `kept-${crypto.randomUUID().slice(0, 8)}`;
  const kept = { services: 'redis', 'project-name': project, logs: 'never' };
  const first = await runJob({
    steps: [use({ id: 'infra', action: repository, with: { ...kept, teardown: 'never' } })],
  });
  const { services = '' } = stepOf(first, 'infra').outputs;
  const second = await runJob({
    steps: [
      smoke({ services, 'project-name': project, checks: 'redis' }, { continueOnError: true }),
      use({ id: 'down', action: join(repository, 'down'), with: { 'project-name': project, logs: 'never' } }),
    ],
  });
  expect(stepOf(second, 'smoke').outputs, second.text).toMatchObject({
    passed: '4',
    failed: '0',
    skipped: '0',
  });
  expect(await leaks()).toEqual([]);
});

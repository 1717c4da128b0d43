import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { run, stepOf } from '../runner/job.ts';
import { type Fault, resultsService } from '../runner/results-service.ts';
import { type Bringing, bring, type Caller, checked, repository, script } from './caller-stack.ts';

const quick: Caller = { services: { ledger: script('echo "ledger is open"; exec sleep 600') } };
const broken: Caller = {
  services: {
    ledger: checked('echo "no ledger at /data" >&2; exit 1', 'false'),
    shop: script('echo "shop is open"; exec sleep 600'),
  },
};
const red = run('tests', [
  'sh',
  '-c',
  'mkdir -p target/reports; echo "1 failed" > target/reports/a.txt; exit 3',
]);

/** Runs a job beside an artifact service, and gives what was uploaded. */
async function kept(caller: Caller, options: Bringing = {}, faults: readonly Fault[] = []) {
  await using results = await resultsService({ faults });
  const job = await bring(caller, { ...options, actionEnv: results.env });
  const [artifact] = results.artifacts;
  const files = artifact?.files ?? new Map<string, Buffer>();
  const text = (path: string) => files.get(path)?.toString() ?? '';
  return { job, artifacts: results.artifacts, artifact, files, text };
}

describe('a stack that does not come up', { timeout: 60_000 }, () => {
  test('leaves every log, what is known of each system, the model, the host and a report', async () => {
    const { job, artifact, files, text } = await kept(broken);
    expect(job.conclusion, job.text).toBe('failure');
    expect(artifact?.name).toMatch(/^infra-logs-test-1-[0-9a-f]{4}$/);
    expect(stepOf(job, 'stack').outputs['logs-artifact']).toBe(artifact?.name);
    expect(text('ledger/log.txt')).toMatch(/^\d{4}-\d\d-\d\dT\S+Z no ledger at \/data$/m);
    expect(text('shop/log.txt')).toContain('shop is open');
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'compose.yaml',
      'events.txt',
      'host.txt',
      'ledger/container.json',
      'ledger/log.txt',
      'report.json',
      'shop/container.json',
      'shop/log.txt',
    ]);
    expect(JSON.parse(text('ledger/container.json'))).toMatchObject({ state: { exitCode: 1 } });
  });

  test('leaves a report that its published schema describes', async () => {
    const { job, text } = await kept(broken);
    const schema = JSON.parse(readFileSync(join(repository, 'docs/report.schema.json'), 'utf8'));
    const valid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const report = JSON.parse(text('report.json'));
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
    expect(report).toMatchObject({
      project: job.project,
      outcome: 'failure',
      failure: { code: 'SERVICE_EXITED', system: 'ledger' },
    });
  });

  test('is told where its evidence is', async () => {
    const { job, artifact } = await kept(broken);
    const post = stepOf(job, 'stack', 'post');
    expect(post.annotations, job.text).toEqual([]);
    expect(post.summary).toContain(artifact?.name ?? 'no artifact');
    expect(job.left.every((path) => path.startsWith(`temp/infra-action-logs/${job.project}/`))).toBe(true);
    expect(job.left.length).toBeGreaterThan(5);
  });
});

describe('a job', { timeout: 60_000 }, () => {
  test('whose own step fails keeps the logs, and the caller’s reports with them', async () => {
    const { job, text } = await kept(quick, { later: [red], with: { 'logs-include': 'target/reports/**' } });
    expect(job.conclusion).toBe('failure');
    expect(text('ledger/log.txt')).toContain('ledger is open');
    expect(text('files/target/reports/a.txt')).toBe('1 failed\n');
    expect(JSON.parse(text('report.json'))).toMatchObject({ outcome: 'failure' });
  });

  test('that goes well keeps nothing', async () => {
    const { job, artifacts } = await kept(quick);
    expect(job.conclusion, job.text).toBe('success');
    expect([artifacts, job.left]).toEqual([[], []]);
  });

  test('that goes well keeps everything with `logs: always`', async () => {
    const given = { logs: 'always', 'logs-artifact': 'my logs', 'logs-retention-days': '3' };
    const { job, artifact, text } = await kept(quick, { with: given });
    expect(job.conclusion, job.text).toBe('success');
    expect([artifact?.name, artifact?.retentionDays]).toEqual(['my logs', 3]);
    expect(text('ledger/log.txt')).toContain('ledger is open');
  });

  test('that fails keeps nothing with `logs: never`', async () => {
    const { job, artifacts } = await kept(broken, { with: { logs: 'never' } });
    expect(job.conclusion).toBe('failure');
    expect([artifacts, job.left]).toEqual([[], []]);
  });

  test('of a matrix has its entry in the artifact’s name', async () => {
    const { artifact } = await kept(broken, { matrix: { java: 21, os: 'ubuntu' } });
    expect(artifact?.name).toMatch(/^infra-logs-test-21-ubuntu-1-[0-9a-f]{4}$/);
  });

  test('that is cancelled in a step of its own keeps the logs', async () => {
    const { job, text } = await kept(quick, {
      later: [run('user', ['sh', '-c', 'echo tests run; exec sleep 600'])],
      interrupts: [{ what: 'cancel', when: /^tests run$/ }],
    });
    expect(job.conclusion).toBe('cancelled');
    expect(text('ledger/log.txt')).toContain('ledger is open');
    expect(JSON.parse(text('report.json'))).toMatchObject({ outcome: 'cancelled' });
  });

  test('whose main is killed keeps the logs', async () => {
    const slow: Caller = { services: { ledger: checked('echo "ledger is open"; sleep 600', 'false') } };
    const { job, text } = await kept(slow, {
      interrupts: [{ what: 'kill', when: /ledger +starting/ }],
    });
    expect(job.conclusion).toBe('failure');
    expect(text('ledger/log.txt')).toContain('ledger is open');
  });
});

describe('an artifact service', { timeout: 90_000 }, () => {
  test.each<[string, Fault, RegExp]>([
    ['whose storage is full', { at: 'CreateArtifact', how: 'quota' }, /quota|usage|storage/i],
    ['that refuses the upload', { at: 'CreateArtifact', how: 403 }, /403|forbidden/i],
  ])('%s is a warning, and the first error stays', async (_, fault, words) => {
    const { job, artifacts } = await kept(broken, {}, [fault]);
    expect(artifacts).toEqual([]);
    expect(job.conclusion).toBe('failure');
    expect(stepOf(job, 'stack').annotations).toMatchObject([
      { level: 'error', title: 'infra-action: ledger: SERVICE_EXITED' },
    ]);
    const post = stepOf(job, 'stack', 'post');
    expect(post.outcome).toBe('success');
    expect(post.annotations).toMatchObject([{ level: 'warning', message: expect.stringMatching(words) }]);
    expect(job.left.length).toBeGreaterThan(5);
  });

  test('that has the name already gets another one', async () => {
    await using results = await resultsService();
    const options = { with: { 'logs-artifact': 'logs' }, actionEnv: results.env };
    await bring(broken, options);
    const job = await bring(broken, options);
    expect(results.artifacts.map(({ name }) => name)).toEqual([
      'logs',
      expect.stringMatching(/^logs-[0-9a-f]{4}$/),
    ]);
    expect(stepOf(job, 'stack', 'post').annotations, job.text).toEqual([]);
  });

  test('that is not there leaves the evidence on the machine', async () => {
    const job = await bring(broken);
    expect(stepOf(job, 'stack', 'post').log.join('\n')).toContain('There is no artifact service here');
    expect(job.left).toContain(`temp/infra-action-logs/${job.project}/ledger/log.txt`);
  });
});

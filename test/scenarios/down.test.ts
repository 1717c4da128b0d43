import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, runJob, stepOf, use } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import { resultsService } from '../runner/results-service.ts';
import { repository, script, uniqueName } from './caller-stack.ts';
import { containersOf } from './docker.ts';

const down = (project: string, given: Readonly<Record<string, string>> = {}) =>
  use({ id: 'stack', action: join(repository, 'down'), with: { 'project-name': project, ...given } });

/** A job that brings a stack up and leaves it. */
async function keep(project: string): Promise<void> {
  const ledger = script('echo "ledger is open"; exec sleep 600', { volumes: ['data:/data'] });
  const job = await runJob({
    files: { 'caller.yaml': JSON.stringify({ services: { ledger }, volumes: { data: {} } }) },
    steps: [
      use({
        id: 'stack',
        action: repository,
        with: {
          services: 'none',
          'compose-files': 'caller.yaml',
          'project-name': project,
          teardown: 'never',
        },
      }),
    ],
  });
  expect(job.conclusion, job.text).toBe('success');
  expect(await containersOf(project)).toHaveLength(1);
}

test('another job takes a kept stack down, its evidence first', { timeout: 60_000 }, async () => {
  const leaks = await leaksOf();
  const project = uniqueName();
  await keep(project);
  await using results = await resultsService();
  const job = await runJob({ actionEnv: results.env, steps: [down(project)] });
  expect(job.conclusion, job.text).toBe('success');
  expect(await containersOf(project)).toEqual([]);
  const files = results.artifacts[0]?.files;
  expect(results.artifacts[0]?.name).toBe(stepOf(job, 'stack').outputs['logs-artifact']);
  expect(files?.get('ledger/log.txt')?.toString()).toContain('ledger is open');
  expect(JSON.parse(files?.get('report.json')?.toString() ?? '{}')).toMatchObject({ project });
  await results[Symbol.asyncDispose]();
  expect(await leaks(), job.text).toEqual([]);
});

test('a project that is not there is down already', { timeout: 30_000 }, async () => {
  const job = await runJob({ steps: [down(uniqueName(), { logs: 'never' })] });
  expect(job.conclusion, job.text).toBe('success');
});

test('an engine that does not answer fails the step, since nobody knows what is left', {
  timeout: 30_000,
}, async () => {
  const job = await runJob({
    env: { DOCKER_HOST: 'unix:///nonexistent' },
    steps: [down(uniqueName(), { logs: 'never' })],
  });
  expect(job.conclusion).toBe('failure');
  expect(stepOf(job, 'stack').annotations).toMatchObject([
    { level: 'error', title: 'infra-action: PakLog infrastructure: DOWN_INCOMPLETE' },
  ]);
});

test('a name that is none is refused before anything is done', { timeout: 10_000 }, async () => {
  const job = await runJob({ steps: [down('--all'), run('never', () => {})] });
  expect(job.conclusion).toBe('failure');
  expect(stepOf(job, 'stack').annotations[0]?.message).toContain('project-name: "--all"');
});

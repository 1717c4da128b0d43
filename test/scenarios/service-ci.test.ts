import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyCheckout, runAct } from '../runner/act.ts';
import { leaksOf } from '../runner/leaks.ts';
import { type ResultsService, resultsService } from '../runner/results-service.ts';
import { files, repositories, workflow } from './downstream.ts';

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'infra-action-'));
  await copyCheckout(copy);
}, 300_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Runs the downstream repository's workflow, and looks whether anything is left. */
async function runDownstream(outcome: 'green' | 'red' | 'waiting', service: ResultsService) {
  const leaks = await leaksOf();
  const run = await runAct({
    workflow: workflow(outcome),
    files,
    repositories: await repositories(copy),
    actionEnv: service.env,
    ...(outcome === 'waiting' ? { cancelWhen: /\| waiting/ } : {}),
  });
  return { ...run, left: [...(await leaks()), ...run.orphans] };
}

/** Text of the one file of an artifact whose path ends so. */
function text({ artifacts }: ResultsService, ending: string): string {
  const found = [...(artifacts[0]?.files ?? [])].filter(([path]) => path.endsWith(ending));
  expect(
    found.map(([path]) => path),
    'files of the artifact',
  ).toHaveLength(1);
  return found.map(([, content]) => content.toString()).join();
}

test('a service whose checks pass: they find the stack, tell what they heard, and nothing is kept', {
  timeout: 300_000,
}, async () => {
  await using service = await resultsService();
  const { code, output, left } = await runDownstream('green', service);
  expect(code, output).toBe(0);
  expect(output).toMatch(/\| redis at localhost:\d+ says \+PONG, the token is \*\*\*/);
  expect(output).toMatch(/\| heard \+PONG from redis:/);
  expect(service.artifacts).toEqual([]);
  expect(left, output).toEqual([]);
});

test('a service whose checks fail: logs and reports in one artifact, without its secret, and nothing is left', {
  timeout: 300_000,
}, async () => {
  await using service = await resultsService();
  const { code, output, left } = await runDownstream('red', service);
  expect(code, output).toBe(1);
  expect(
    service.artifacts.map(({ name }) => name),
    output,
  ).toEqual([expect.stringMatching(/^infra-logs-service-1-/)]);
  expect(text(service, 'redis/log.txt')).toContain('Ready to accept connections');
  expect(text(service, 'TEST-shop.xml')).toContain('redis answers');
  const everything = [...(service.artifacts[0]?.files.values() ?? [])].join('\n');
  expect(everything).not.toContain('for-no-eyes-4711');
  expect(output).not.toContain('for-no-eyes-4711');
  expect(left, output).toEqual([]);
});

test('a run that somebody cancels while the checks wait: evidence, and nothing is left', {
  timeout: 300_000,
}, async () => {
  await using service = await resultsService();
  const { code, output, left } = await runDownstream('waiting', service);
  expect(code, output).toBe(1);
  expect(text(service, 'redis/log.txt')).toContain('Ready to accept connections');
  expect(left, output).toEqual([]);
});

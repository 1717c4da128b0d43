import { describe, expect, test } from 'vitest';
import { runAct } from '../runner/act.ts';
import { fixture } from '../runner/fixtures/scripted.ts';
import { resultsService } from '../runner/results-service.ts';

type Steps = ReadonlyArray<Readonly<Record<string, unknown>>>;

function workflow(jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>, on = 'push'): string {
  return JSON.stringify({ name: 'CI', on, jobs });
}

function job(steps: Steps, more: Readonly<Record<string, unknown>> = {}) {
  return { 'runs-on': 'ubuntu-latest', steps, ...more };
}

const bash = (run: string, more: Readonly<Record<string, unknown>> = {}) => ({ shell: 'bash', run, ...more });
const told = { uses: 'octo/told@v1' };
const scripted = (main: string, post = '') => ({ uses: 'octo/scripted@v1', with: { main, post } });
const fixtures = { 'octo/told@v1': fixture('told'), 'octo/scripted@v1': fixture('scripted') };

/** What the inputs of `told` had become, by job: first in its main, then in its post. */
function inputsByJob(output: string): Map<string, Record<string, string>[]> {
  const found = output.matchAll(/^\[CI\/(\S+)\s*\]\s+\| inputs (.*)$/gm);
  const inputs = new Map<string, Record<string, string>[]>();
  for (const [, name = '', json = ''] of found)
    inputs.set(name, [...(inputs.get(name) ?? []), JSON.parse(json)]);
  return inputs;
}

describe('contexts in the defaults of inputs, under act', () => {
  test('the job’s status of the moment, in main and in post', { timeout: 300_000 }, async () => {
    const jobs = {
      green: job([told]),
      red: job([told, bash('exit 3')]),
      tolerated: job([told, bash('exit 3', { 'continue-on-error': true })]),
      late: job([bash('exit 3'), { ...told, if: 'always()' }]),
    };
    const { output } = await runAct({ workflow: workflow(jobs), repositories: fixtures });
    const inputs = inputsByJob(output);
    const statuses = Object.keys(jobs).map((name) => inputs.get(name)?.map((given) => given['INPUT_STATUS']));
    expect(statuses, output).toEqual([
      ['success', 'success'],
      ['success', 'failure'],
      ['success', 'success'],
      ['failure', 'failure'],
    ]);
  });

  test('a matrix is printed by its sorted names; none is {} where GitHub has null', {
    timeout: 300_000,
  }, async () => {
    const matrix = { os: ['ubuntu'], java: [17] };
    const jobs = { plain: job([told]), matrix: job([told], { strategy: { matrix } }) };
    const { output } = await runAct({ workflow: workflow(jobs), repositories: fixtures });
    const inputs = inputsByJob(output);
    const seen = Object.keys(jobs).map((name) => inputs.get(name)?.map((given) => given['INPUT_MATRIX']));
    const printed = '{\n  "java": 17,\n  "os": "ubuntu"\n}';
    expect(seen, output).toEqual([
      ['{}', '{}'],
      [printed, printed],
    ]);
  });
});

describe('what a test of a downstream repository can do', () => {
  test('artifacts reach the stand-in through the unmodified client', { timeout: 300_000 }, async () => {
    await using service = await resultsService();
    const client = new URL('../../node_modules/@actions/artifact/lib/artifact.js', import.meta.url).href;
    const main = `const { DefaultArtifactClient } = await import('${client}');
      await new DefaultArtifactClient().uploadArtifact('logs', [env.GITHUB_WORKSPACE + '/a.log'], env.GITHUB_WORKSPACE)`;
    const jobs = { test: job([{ uses: 'actions/checkout@v4' }, scripted(main)]) };
    const files = { 'a.log': 'from the checkout\n' };
    const actionEnv = service.env;
    const run = await runAct({ workflow: workflow(jobs), repositories: fixtures, files, actionEnv });
    expect(run.code, run.output).toBe(0);
    const [artifact] = service.artifacts;
    expect([artifact?.name, artifact?.files.get('a.log')?.toString()]).toEqual([
      'logs',
      'from the checkout\n',
    ]);
  });

  test('another event, its payload, the repository’s name, and lines as they come', {
    timeout: 300_000,
  }, async () => {
    const lines: string[] = [];
    const { code, output } = await runAct({
      workflow: workflow({ test: job([told]) }, 'pull_request'),
      repositories: fixtures,
      event: { name: 'pull_request', payload: { number: 7 } },
      onLine: (line) => void lines.push(line),
    });
    expect(code, output).toBe(0);
    expect(lines.join('\n')).toBe(output);
    const [inputs] = inputsByJob(output).get('test') ?? [];
    expect([inputs?.['INPUT_EVENT'], inputs?.['INPUT_PLACE']?.split(' ')[0]]).toEqual(['7', 'octo/shop']);
  });

  test('somebody cancels: the step ends, posts run and know it, nothing lives on', {
    timeout: 300_000,
  }, async () => {
    const jobs = { test: job([told, bash('sleep 601 & echo started; sleep 602'), bash('echo never')]) };
    const { code, output, orphans } = await runAct({
      workflow: workflow(jobs),
      repositories: fixtures,
      cancelWhen: /\| started/,
    });
    const statuses = inputsByJob(output)
      .get('test')
      ?.map((given) => given['INPUT_STATUS']);
    expect([code, statuses, orphans], output).toEqual([1, ['success', 'cancelled'], []]);
    expect(output).not.toContain('| never');
  });

  test('a job for a machine that nobody has is a mistake, not a success', { timeout: 300_000 }, async () => {
    const jobs = { test: { ...job([bash('true')]), 'runs-on': 'windows-latest' } };
    const run = runAct({ workflow: workflow(jobs), repositories: {} });
    await expect(run).rejects.toThrow(/act ran nothing.*windows-latest/s);
  });

  test('a process left behind is named, and ended', { timeout: 300_000 }, async () => {
    const leave =
      "setsid sleep 603 >/dev/null 2>&1 & until grep -q 'sleep' /proc/$!/comm; do :; done; sleep 0.2";
    const repositories = {};
    const run = await runAct({ workflow: workflow({ test: job([bash(leave)]) }), repositories });
    expect([run.code, run.orphans], run.output).toEqual([0, ['sleep']]);
  });
});

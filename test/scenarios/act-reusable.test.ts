import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameSelf, runAct, standIns } from '../runner/act.ts';
import { fixture } from '../runner/fixtures/scripted.ts';

/** A workflow for other repositories: the action of its own commit, and what the caller wants to run. */
const called = `
name: Called
on:
  workflow_call:
    inputs:
      command: { type: string, required: true }
      java-version: { type: string, default: "" }
    outputs:
      said:
        value: \${{ jobs.test.outputs.said }}
jobs:
  test:
    runs-on: ubuntu-latest
    outputs:
      said: \${{ steps.command.outputs.said }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-java@b6effb05e454b25005698d916606bdc6ffcbf961 # v5.7.0
        if: inputs.java-version != ''
        with: { java-version: "\${{ inputs.java-version }}" }
      - uses: docker/login-action@v4
        if: false
      - uses: $/ # the stack
      - uses: "$/down"
        with: { main: "say('down is here')" }
      - id: command
        shell: bash
        env:
          COMMAND: \${{ inputs.command }}
        run: bash -c "$COMMAND"
`;

let root: string;

/** A repository of an action, of a second one below it, and of the workflow, at two refs. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'infra-action-act-'));
  for (const ref of ['v1', 'v2']) {
    const repository = join(root, ref);
    await cp(fixture('told'), repository, { recursive: true });
    await cp(fixture('scripted'), join(repository, 'down'), { recursive: true });
    await mkdir(join(repository, '.github', 'workflows'), { recursive: true });
    const text = nameSelf(called.replace('name: Called', `name: Called ${ref}`), 'octo/tool', ref);
    await writeFile(join(repository, '.github', 'workflows', 'called.yml'), text);
    await writeFile(join(repository, 'main.js'), `process.stdout.write('this is ${ref}\\n')`);
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

function call(command: string, ref = 'v1', more: Readonly<Record<string, string>> = {}) {
  return { uses: `octo/tool/.github/workflows/called.yml@${ref}`, with: { command, ...more } };
}

function calls(jobs: Readonly<Record<string, unknown>>, cancelWhen?: RegExp) {
  const own = { 'octo/tool@v1': join(root, 'v1'), 'octo/tool@v2': join(root, 'v2') };
  const repositories = { ...standIns(called), ...own };
  const workflow = JSON.stringify({ name: 'CI', on: 'push', jobs });
  const files = { 'a.txt': 'from the caller' };
  return runAct({ workflow, repositories, files, ...(cancelWhen ? { cancelWhen } : {}) });
}

test('another repository’s workflow: inputs, the caller’s checkout, the action of its own commit, outputs', async () => {
  const { code, output } = await calls({
    first: call('echo "said=$(cat a.txt)" >> "$GITHUB_OUTPUT"'),
    after: {
      needs: 'first',
      'runs-on': 'ubuntu-latest',
      steps: [{ shell: 'bash', run: `echo "heard \${{ needs.first.outputs.said }}"` }],
    },
  });
  expect(code, output).toBe(0);
  for (const line of ['this is v1', 'down is here', 'heard from the caller'])
    expect(output).toContain(`| ${line}`);
}, 300_000);

test('two refs of it in one run', async () => {
  const { code, output } = await calls({ one: call('true'), two: call('true', 'v2') });
  expect(code, output).toBe(0);
  for (const line of ['this is v1', 'this is v2']) expect(output).toContain(`| ${line}`);
}, 300_000);

test('actions of others are stood in for, and say what they were given', async () => {
  const { code, output } = await calls({ first: call('true', 'v1', { 'java-version': '21' }) });
  expect(code, output).toBe(0);
  expect(output).toContain('| stand-in for actions/setup-java {"INPUT_JAVA-VERSION":"21"}');
  expect(output).not.toContain('stand-in for docker/login-action');
}, 300_000);

test('a failing command makes the caller’s run red, and post knows it', async () => {
  const { code, output } = await calls({ first: call('exit 3') });
  expect(code, output).toBe(1);
  expect(output).toContain('"INPUT_STATUS":"failure"');
}, 300_000);

test('somebody cancels it, and post knows it', async () => {
  const { code, output, orphans } = await calls({ first: call('echo started; sleep 601') }, /\| started/);
  expect([code, orphans], output).toEqual([1, []]);
  expect(output).toContain('"INPUT_STATUS":"cancelled"');
}, 300_000);

test.for<readonly [string, string]>([
  ['uses: $/', 'uses: octo/tool@v1'],
  ['- uses: $/down # why', '- uses: octo/tool/down@v1 # why'],
  ["  'uses': '$/'", "  'uses': 'octo/tool@v1'"],
  ['{"uses":"$/down/x","with":{}}', '{"uses":"octo/tool/down/x@v1","with":{}}'],
  ['{ uses: $/, with: {} }', '{ uses: octo/tool@v1, with: {} }'],
  ['uses: actions/checkout@v4\nrun: echo $/', 'uses: actions/checkout@v4\nrun: echo $/'],
])('act’s spelling of %s', ([text, named]) => {
  expect(nameSelf(text, 'octo/tool', 'v1')).toBe(named);
});

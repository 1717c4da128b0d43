import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownFiles, root } from './checkout.ts';
import { isWorkflow } from './workflow-parser.ts';

/** On a new machine the tools are installed first. */
const installing = { timeout: 300_000 };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  execFileSync('git', ['init', '--quiet', folder]);
});

afterEach(() => rmSync(folder, { recursive: true }));

function lint(files: readonly { readonly path: string; readonly text: string }[]) {
  for (const { path, text } of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/lint-workflows.sh'), [folder], {
    encoding: 'utf8',
  });
  return { passed: status === 0, output: stdout + stderr };
}

const good = `
name: CI
on:
  workflow_call:
permissions: {}
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo "$HOME"
`;

test('a workflow without faults passes', installing, () => {
  const { passed, output } = lint([{ path: '.github/workflows/ci.yml', text: good }]);
  expect(passed, output).toBe(true);
});

test.for([
  ['actionlint', '    timeout-minutes: 5', '    timeout-mintes: 5', 'unexpected key "timeout-mintes"'],
  ['ShellCheck', 'echo "$HOME"', 'cd /tmp; rm $HOME', 'SC2086'],
  ['zizmor', 'echo "$HOME"', 'echo $' + '{{ inputs.a }}', 'template-injection'],
  ['zizmor, which is pedantic', '    name: test\n', '', 'anonymous-definition'],
] as const)('%s finds %j turned into %j', installing, ([, from, to, named]) => {
  expect(good).toContain(from);
  const { passed, output } = lint([{ path: '.github/workflows/ci.yml', text: good.replace(from, to) }]);
  expect(output).toContain(named);
  expect(passed).toBe(false);
});

test('every exception that is made for our own workflows is still needed', installing, () => {
  const { output } = lint(ownFiles('.github/workflows/*.yml').filter(isWorkflow));
  const found = output.matchAll(
    /^\.github\/workflows\/\S+ (label|specifying action|reusable workflow call) "(\$\/|[^"]*)/gm,
  );
  expect(new Set([...found].map(([, what, named]) => `${what} ${named}`))).toEqual(
    new Set([
      'label ubuntu-26.04',
      'label ubuntu-26.04-arm',
      'specifying action $/',
      'reusable workflow call $/',
    ]),
  );
});

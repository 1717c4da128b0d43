import { expect, test } from 'vitest';
import { ownFiles } from './checkout.ts';
import { installing, lint } from './workflow-linters.ts';
import { isWorkflow } from './workflow-parser.ts';

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

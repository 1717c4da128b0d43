import { expect, test } from 'vitest';
import { exampleFaults, workflowFaults } from './workflow-policy.ts';

const sha = '3d3c42e5aac5ba805825da76410c181273ba90b1';
const good = `
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
        with:
          persist-credentials: false
      - uses: $/
        with:
          services: redis
      - env:
          URL: \${{ steps.infra.outputs.redis-url }}
        run: echo "$URL"
  called:
    uses: $/.github/workflows/service-ci.yml
`;

function faults(text: string): readonly string[] {
  return workflowFaults({ path: 'ci.yml', text }, ['services']);
}

test('a workflow that keeps every rule', () => {
  expect(faults(good)).toEqual([]);
});

test.for([
  ['permissions: {}', 'name: x', 'permissions at the top are not {}'],
  ['permissions: {}', 'permissions: read-all', 'permissions at the top are not {}'],
  ['permissions: {}', 'permissions: { contents: read }', 'permissions at the top are not {}'],
  ['on: push', 'on: pull_request_target', 'runs on pull_request_target'],
  ['on: push', 'on: [push, pull_request_target]', 'runs on pull_request_target'],
  ['on: push', 'on: { pull_request_target: { branches: [main] } }', 'runs on pull_request_target'],
  ['    timeout-minutes: 5\n', '', 'job test has no timeout-minutes'],
  ['persist-credentials: false', 'fetch-depth: 0', 'step 1 of job test leaves its credentials on disk'],
  [
    'persist-credentials: false',
    'persist-credentials: true',
    'step 1 of job test leaves its credentials on disk',
  ],
  ['service-ci.yml', 'service-ci.yml\n    secrets: inherit', 'job called hands every secret on'],
  [
    'services: redis',
    'sevices: redis',
    'step 2 of job test has an input that the action does not know, sevices',
  ],
  [
    'echo "$URL"',
    'echo $' + '{{ github.head_ref }}',
    'step 3 of job test has an expression in its script: hand the value over in env',
  ],
] as const)('%j turned into %j', ([from, to, found]) => {
  expect(good).toContain(from);
  expect(faults(good.replace(from, to))).toEqual([`ci.yml: ${found}`]);
});

test.for([
  `actions/checkout@${sha}`,
  'actions/checkout@v7 # v7.0.1',
  `actions/checkout@${sha.slice(1)} # v7.0.1`,
  `actions/checkout@${sha} # v7`,
  'actions/checkout@main',
  './',
  '$/@v1',
  'docker://redis:7',
])('uses: %s', (uses) => {
  const text = good.replace('$/.github/workflows/service-ci.yml', uses);
  expect(faults(text)).toEqual([
    `ci.yml: ${uses} is no commit of 40 digits with its version as comment, nor this repository ($/)`,
  ]);
});

test('an example names major versions', () => {
  const text = '- uses: actions/checkout@v7\n- uses: paklog/infra-action/down@v1\n';
  expect(exampleFaults({ path: 'README.md', text })).toEqual([]);
});

test.for<[string, string]>([
  ['uses: paklog/infra-action@main', 'paklog/infra-action@main is no major version, such as @v1'],
  ['uses: $/', '$/ is no major version, such as @v1'],
  ['uses: paklog/infra-action@v1\nsecrets: inherit', 'hands every secret on'],
])('an example with %j', ([text, found]) => {
  expect(exampleFaults({ path: 'README.md', text })).toEqual([`README.md: ${found}`]);
});

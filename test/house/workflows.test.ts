import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownFiles } from './checkout.ts';
import { wholeWorkflow } from './example-kinds.ts';
import { examplesOf } from './examples.ts';
import { repository } from './made-up.ts';
import { isAction, isWorkflow, parserFindings } from './workflow-parser.ts';
import { exampleFaults, workflowFaults } from './workflow-policy.ts';

const files = ownFiles('*.yml', '*.yaml', '*.md');
const workflows = files.filter(isWorkflow);
const actions = files.filter(({ path }) => isAction({ path }) && !path.startsWith('test/'));
const documents = files.filter(({ path }) => path.endsWith('.md'));

const { inputs } = parse(actions.find(({ path }) => path === 'action.yml')?.text ?? '') as {
  inputs: Readonly<Record<string, unknown>>;
};

/** Every YAML example of the documentation, and those that are workflows where GitHub would have them. */
const yaml = examplesOf(documents).filter(({ language }) => language === 'yaml');
const exampleWorkflows = yaml.flatMap((example) => wholeWorkflow(example) ?? []);

/** Workflows of made-up repositories that use this one, those of examples/ among them. */
const callers = files
  .filter(({ path }) => /^(test|examples)\/.*\.github\/workflows\//.test(path))
  .map(({ path, text }) => ({ path: `.github/workflows/${path.replaceAll('/', '-')}`, text }));

test('there are workflows, actions and examples to check', () => {
  expect(workflows.map(({ path }) => path)).toContain('.github/workflows/service-ci.yml');
  expect(actions.map(({ path }) => path)).toEqual(expect.arrayContaining(['action.yml', 'down/action.yml']));
  expect(exampleWorkflows.length).toBeGreaterThan(9);
  expect(callers.map(({ path }) => path)).toContain(
    '.github/workflows/examples-spring-orders-.github-workflows-ci.yml',
  );
});

test('every workflow keeps the rules', () => {
  expect(workflows.flatMap((file) => workflowFaults(file, Object.keys(inputs)))).toEqual([]);
});

test('examples name major versions, and hand no more secrets on than they must', () => {
  expect([...yaml, ...callers].flatMap(exampleFaults)).toEqual([]);
});

describe('GitHub’s own parser', () => {
  test('has nothing against workflows, actions, examples and callers', async () => {
    const all = [...workflows, ...actions, ...exampleWorkflows, ...callers];
    expect(await parserFindings(all, files)).toEqual([]);
  });

  const called = 'paklog/infra-action/.github/workflows/service-ci.yml@v1';
  const calling = (given: string) => `on: push\njobs: { a: { uses: ${called}, with: ${given} } }\n`;
  const using = (step: string) => `on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [${step}] } }\n`;

  test.for<[string, string, string]>([
    ['an unknown key', using('{ uses: paklog/infra-action@v1, whith: {} }'), 'whith'],
    ['an unknown context', using('{ run: make, if: inptus.a == 1 }'), 'inptus'],
    ['an unknown type', 'on: { workflow_call: { inputs: { a: { type: text } } } }\njobs: {}\n', 'text'],
    [
      'an unknown input of the action',
      using('{ uses: paklog/infra-action@v1, with: { sevices: a } }'),
      'sevices',
    ],
    ['a missing input of the action', using('{ uses: paklog/infra-action/down@v1 }'), 'project-name'],
    ['an action that is not there', using('{ uses: paklog/infra-action/up@v1 }'), 'Unable to resolve'],
    ['an unknown input of the workflow', calling('{ run: make, sevices: a }'), 'sevices'],
    ['a missing input of the workflow', calling('{ services: redis }'), 'run'],
  ])('finds %s', async ([, text, named]) => {
    const found = await parserFindings(repository({ '.github/workflows/ci.yml': text }), files);
    expect(found.join('\n')).toContain(named);
  });

  test.for<[string, string, string]>([
    ['an entry is missing', 'name: a\ndescription: a\nruns: { using: node24 }\n', 'main'],
    ['a runtime is unknown', 'name: a\ndescription: a\nruns: { using: node99, main: a.js }\n', 'node99'],
  ])('finds that %s in an action.yml', async ([, text, named]) => {
    const found = await parserFindings(repository({ 'down/action.yml': text }), files);
    expect(found.join()).toContain(named);
  });
});

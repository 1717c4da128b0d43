import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checks } from '../../smoke/checks/all.ts';
import { type Report, resultOf } from '../../smoke/core/report.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { ownFiles, root } from './checkout.ts';
import { valueFaults } from './example-inputs.ts';
import { kindOf, wholeWorkflow } from './example-kinds.ts';
import { type Way, ways } from './example-ways.ts';
import { type Example, examplesOf, placeOf } from './examples.ts';
import { repository } from './made-up.ts';
import { actionlintFindings, installing, lint } from './workflow-linters.ts';

const documents = ownFiles('README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/*.md', 'examples/*.md');
const examples = examplesOf(documents);
const workflows = examples.flatMap((example) => wholeWorkflow(example) ?? []);
const ofKind = (kind: string) => examples.filter((example) => kindOf(example) === kind);
const wayOf = ({ name }: Example): Way | undefined => ways[name];

const targets = [...(ownFiles('Makefile')[0]?.text ?? '').matchAll(/^([a-z-]+):.*## /gm)].map(
  ([, target = '']) => target,
);

/** The targets of a script that is nothing but `make TARGET`, comments aside. */
function targetsOf({ text }: Example): readonly string[] | undefined {
  const lines = text.split('\n').filter((line) => !/^\s*(#.*)?$/.test(line));
  const named = lines.map((line) => /^make ([a-z-]+)\s*(?:#.*)?$/.exec(line)?.[1]);
  return named.every((target) => target !== undefined) ? named : undefined;
}

describe('every block of code', () => {
  test('is known by a rule', () => {
    expect(examples.length).toBeGreaterThan(80);
    expect(examples.filter((example) => kindOf(example) === undefined).map(placeOf)).toEqual([]);
  });

  const made = (fence: string, text: string) =>
    examplesOf(repository({ 'docs/a.md': `# A\n\n- item\n\n  ${fence}\n  ${text}\n  \`\`\`\n` }));

  test.for<[string, string]>([
    ['```', 'anything'],
    ['```sh', 'ls'],
    ['```yaml', 'on: push'],
    ['```yaml', 'runs-on: ubuntu-24.04'],
    ['```json', '{}'],
  ])('is found also in a list, and not let through, such as %s %s', ([fence, text]) => {
    const [example] = made(fence, text);
    expect(example).toMatchObject({ line: 5, name: 'docs/a.md: A', text: `${text}\n` });
    expect(example && kindOf(example)).toBe(undefined);
  });
});

describe('a workflow, a part of one, or a script', () => {
  const needing = [
    ...workflowExamples(),
    ...ofKind('script').filter((each) => targetsOf(each) === undefined),
  ];

  test('has its way to be proven, and there is no way without its example', () => {
    expect(
      needing.filter((each) => wayOf(each) === undefined).map((each) => `${placeOf(each)} ${each.name}`),
    ).toEqual([]);
    expect(Object.keys(ways).filter((name) => !needing.some((each) => each.name === name))).toEqual([]);
  });

  test.for(Object.entries(ways))(
    '%s is run where that is said, or the reason names tests that are there',
    ([name, way]) => {
      if ('ran' in way) expect(ownFiles(way.ran)[0]?.text).toContain(JSON.stringify(name).slice(1, -1));
      else
        expect(
          [...way.read.matchAll(/test\/\S+\.ts/g)].filter(([path]) => !existsSync(join(root, path))),
        ).toEqual([]);
    },
  );
});

function workflowExamples(): readonly Example[] {
  return examples.filter((example) => wholeWorkflow(example) !== undefined);
}

describe('workflows and parts of them', () => {
  test('give values that the actions accept', () => {
    expect(workflows.flatMap(valueFaults)).toEqual([]);
  });

  const using = (folder: string, given: string) =>
    `jobs: { a: { steps: [{ uses: paklog/infra-action${folder}@v1, with: ${given} }] } }\n`;
  const calling = (given: string) =>
    `jobs: { a: { uses: paklog/infra-action/.github/workflows/service-ci.yml@v1, with: ${given} } }\n`;

  test.for<[string, string]>([
    [using('', '{ cache: sometimes }'), 'cache: "sometimes" is not one of'],
    [using('', '{ kafka-topics: "a b" }'), 'kafka-topics: "a b" is not'],
    [using('/down', '{ project-name: A }'), 'project-name'],
    [using('/smoke', '{ timeout: soon }'), 'timeout: "soon" is not a duration'],
    [using('/up', '{}'), 'nothing reads the inputs of up'],
    [calling('{ run: make, stack-timeout: soon }'), 'timeout: "soon" is not a duration'],
  ])('%s is refused', ([text, named]) => {
    expect(repository({ 'a.yml': text }).flatMap(valueFaults).join()).toContain(named);
  });

  test('have no fault that actionlint and ShellCheck find', installing, () => {
    const spoiled = workflows.map(({ path, text }) => ({ path, text: text.replace('jobs:', 'jbos:') }));
    expect(actionlintFindings(lint(workflows).output)).toEqual([]);
    expect(actionlintFindings(lint(spoiled).output).length).toBeGreaterThanOrEqual(workflows.length);
  });
});

describe('scripts', () => {
  const named = ofKind('script').flatMap((example) => targetsOf(example) ?? []);

  test('name targets that the Makefile has', () => {
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((target) => !targets.includes(target))).toEqual([]);
  });

  test('tell people to test as CI tests', () => {
    const [ci = '', run = ''] = ownFiles('.ci/run', '.github/workflows/ci.yml').map(({ text }) => text);
    expect(named).toContain('test');
    expect([ci.trimEnd().split('\n').at(-1), /- run: (.*)/.exec(run)?.[1]]).toEqual(['make test', '.ci/run']);
  });
});

describe('parts of a Compose file', () => {
  test.for(ofKind('compose').map((each) => [placeOf(each), each] as const))(
    '%s has a catalogue without mistakes',
    ([, { text }]) => {
      expect(decodeCatalogue(parse(text)['x-paklog']).problems).toEqual([]);
    },
  );

  test.for(ofKind('catalogue part').map((each) => [placeOf(each), each] as const))(
    '%s is a part of an entry',
    ([, { text }]) => {
      const endpoints = { redis: { port: 6379 }, http: { port: 8085 } };
      expect(decodeCatalogue({ systems: { orders: { endpoints, ...parse(text) } } }).problems).toEqual([]);
    },
  );

  test('a mistake in one is found', () => {
    const wrong = { probe: [{ http: { endpoint: 'htpp' } }], causes: [{ code: 'a' }], jvm: {} };
    expect(decodeCatalogue({ systems: { orders: wrong } }).problems.length).toBeGreaterThan(2);
  });

  test.for(ofKind('stack environment').map((each) => [placeOf(each), each] as const))(
    '%s says what the stack has',
    ([, { text }]) => {
      const stack = ownFiles('compose/compose.yaml')[0]?.text ?? '';
      const missing = Object.values(parse(text)).filter((value) => !stack.includes(String(value)));
      expect(missing).toEqual([]);
    },
  );
});

test.for(ofKind('smoke report').map((each) => [placeOf(each), each] as const))(
  '%s is a report as smoke writes it',
  ([, { text }]) => {
    const report = JSON.parse(text) as Report;
    const written = report.checks.map(({ id, outcome, ms, reason, request, answer }) => {
      const check = checks.find((each) => each.id === id);
      if (check === undefined) throw new Error(`There is no check ${id}`);
      const promise = report.checks.find((each) => each.id === id)?.promise === '…' ? '…' : check.promise;
      return resultOf(
        { ...check, promise },
        JSON.parse(JSON.stringify({ outcome, reason, request, answer })),
        ms,
      );
    });
    const { version, project, began, took } = report;
    expect(report).toEqual({ version: 1, project, began, took, checks: written });
    expect([version, new Date(began).toISOString(), Number.isInteger(took)]).toEqual([1, began, true]);
  },
);

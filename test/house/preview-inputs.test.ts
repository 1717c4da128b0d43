import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownFiles } from './checkout.ts';
import { readWorkflow } from './workflow-policy.ts';

interface Entry {
  readonly default?: unknown;
}

type Entries = Readonly<Record<string, Entry>>;

const [action] = ownFiles('preview/action.yml');
const [file] = ownFiles('.github/workflows/preview.yml');
const { inputs, outputs } = parse(action?.text ?? '') as { inputs: Entries; outputs: Entries };
const workflow = file === undefined ? undefined : readWorkflow(file);
const { workflow_call: call } = (workflow?.on ?? {}) as { workflow_call: { inputs: Entries } };
const step = workflow?.jobs['preview']?.steps?.find(({ uses }) => uses === '$/preview');

test('every input of the action is an input of the workflow, and handed over', () => {
  const handed = Object.entries(step?.with ?? {}).filter(([name]) => name !== 'token');
  expect(Object.keys(step?.with ?? {}).toSorted()).toEqual(Object.keys(inputs).toSorted());
  expect(handed).toEqual(handed.map(([name]) => [name, `$\{{ inputs.${name} }}`]));
});

test('and has the same default', () => {
  const shared = Object.keys(inputs).filter((name) => name !== 'token');
  const defaultsOf = (entries: Entries) =>
    Object.fromEntries(shared.map((name) => [name, String(entries[name]?.default ?? '')]));
  expect(shared.length).toBeGreaterThan(20);
  expect(defaultsOf(call.inputs)).toEqual(defaultsOf(inputs));
});

test('what comes back are outputs of the action', () => {
  const back = [...(file?.text ?? '').matchAll(/steps\.preview\.outputs\.([\w-]+)/g)].map(
    ([, name = '']) => name,
  );
  expect(back.length).toBeGreaterThan(3);
  expect(back.filter((name) => !(name in outputs))).toEqual([]);
});

import { parse } from 'yaml';
import * as smoke from '../../smoke/core/inputs.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import type { Problem } from '../../src/core/errors.ts';
import { parseInputs } from '../../src/core/inputs.ts';
import { readLogWishes } from '../../src/core/log-wishes.ts';
import { parsePreviewInputs } from '../../src/core/preview/inputs.ts';
import { projectNameRule } from '../../src/core/project.ts';
import { ownFiles } from './checkout.ts';
import type { SourceFile, Violations } from './source.ts';
import { readWorkflow } from './workflow-policy.ts';

type Values = Readonly<Record<string, string>>;
type Reader = (raw: Values) => readonly Problem[];

const textOf = (path: string): string => ownFiles(path)[0]?.text ?? '';
const compose = parse(textOf('compose/compose.yaml'), { merge: true });
const { catalogue }: { catalogue: Catalogue } = decodeCatalogue(compose['x-paklog']);

/** The readers of the actions, by the folder of each; the action itself has none. */
const readers: Readonly<Record<string, Reader>> = {
  '': (raw) => parseInputs(raw, catalogue).problems,
  smoke: (raw) => smoke.parseInputs(raw).problems,
  preview: (raw) => parsePreviewInputs(raw).problems,
  down: (raw) => {
    const problems: Problem[] = [];
    readLogWishes(raw, 'always', (problem) => problems.push(problem));
    const project = raw['project-name'] ?? '';
    return projectNameRule.test(project) ? problems : [{ where: 'project-name', what: project }, ...problems];
  },
};

/** What the readers of our actions have against the values that a workflow gives them, through service-ci.yml too. */
export function valueFaults(file: SourceFile): Violations {
  const jobs = Object.values(readWorkflow(file).jobs) as readonly Given[];
  const used = jobs.flatMap((job) => [job, ...(job.steps ?? [])]).flatMap(readAs);
  return used.flatMap(({ folder, raw }) => {
    const reader = readers[folder];
    if (reader === undefined) return [`${file.path}: nothing reads the inputs of ${folder}`];
    return reader(raw).map(({ where, what }) => `${file.path}: ${where}: ${what}`);
  });
}

interface Given {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Given[];
}

const ours = /^paklog\/infra-action(?:\/([^@]+))?@v1$/;

function readAs({ uses = '', with: given = {} }: Given): readonly { folder: string; raw: Values }[] {
  const [found, path = ''] = ours.exec(uses) ?? [];
  if (found === undefined) return [];
  if (!path.endsWith('.yml')) return [{ folder: path, raw: texts(given) }];
  return stepsOf(path).map((step) => ({
    folder: step.uses?.slice('$/'.length) ?? '',
    raw: texts(handedOn(path, given, step)),
  }));
}

/** The steps of a workflow of ours that use one of the actions. */
function stepsOf(path: string): readonly Given[] {
  const steps = Object.values(readWorkflow({ path, text: textOf(path) }).jobs).flatMap(
    (job) => job.steps ?? [],
  );
  return steps.filter(({ uses }) => uses?.startsWith('$/'));
}

/** What such a step is given when its workflow is called with these values. */
function handedOn(path: string, given: NonNullable<Given['with']>, step: Given): NonNullable<Given['with']> {
  const { on } = parse(textOf(path)) as {
    on: { workflow_call: { inputs?: Readonly<Record<string, { default?: unknown }>> } | null };
  };
  const inputs = on.workflow_call?.inputs ?? {};
  const values = Object.entries(step.with ?? {}).map(([name, value]) => {
    const [, input] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(String(value)) ?? [];
    return [name, input === undefined ? value : (given[input] ?? inputs[input]?.default ?? '')] as const;
  });
  return Object.fromEntries(values);
}

/** As the runner hands them over. What is wholly an expression is known in a run alone and left out; a part of a value is some word. */
function texts(given: NonNullable<Given['with']>): Values {
  const known = Object.entries(given).filter(([, value]) => !/^\$\{\{[^}]*\}\}$/.test(String(value)));
  return Object.fromEntries(
    known.map(([name, value]) => [name, String(value).replaceAll(/\$\{\{.*?\}\}/gs, '1')]),
  );
}

import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownFiles } from './checkout.ts';

interface Entry {
  readonly description: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: unknown;
}

type Kind = 'inputs' | 'secrets' | 'outputs';

const [workflow] = ownFiles('.github/workflows/service-ci.yml');
const [document] = ownFiles('docs/service-ci.md');
const { on } = parse(workflow?.text ?? '') as {
  on: { workflow_call: Readonly<Record<Kind, Readonly<Record<string, Entry>>>> };
};

/** What a value is when it is not given, as a cell of a table. */
function missing({ required, default: value = '' }: Entry): string {
  if (required === true) return 'required';
  const lines = String(value).trim().split('\n');
  return lines.map((line) => (line === '' ? '' : `\`${line}\``)).join('<br>');
}

function table(kind: Kind): string {
  const entries = Object.entries(on.workflow_call[kind]);
  const rows = entries.map(([name, entry]) => {
    const cells = [`\`${name}\``, entry.description.replaceAll('|', '\\|')];
    return `| ${[...cells, ...(kind === 'inputs' ? [missing(entry)] : [])].join(' | ')} |`;
  });
  const head =
    kind === 'inputs'
      ? '| input | meaning | default |\n|---|---|---|'
      : `| ${kind.slice(0, -1)} | meaning |\n|---|---|`;
  return `${[head, ...rows].join('\n')}\n`;
}

test.for(['inputs', 'secrets', 'outputs'] as const)('the table of %s says what the workflow says', (kind) => {
  const [, found] =
    new RegExp(`<!-- checked: ${kind} -->\n([\\s\\S]*?)<!-- end -->`).exec(document?.text ?? '') ?? [];
  expect(found).toBe(table(kind));
});

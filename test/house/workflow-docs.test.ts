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

type Call = Readonly<Record<Kind, Readonly<Record<string, Entry>>>>;

function callOf(workflow: string): Call {
  const [file] = ownFiles(`.github/workflows/${workflow}.yml`);
  return (parse(file?.text ?? '') as { on: { workflow_call: Call } }).on.workflow_call;
}

/** What a value is when it is not given, as a cell of a table. */
function missing({ required, default: value = '' }: Entry): string {
  if (required === true) return 'required';
  const lines = String(value).trim().split('\n');
  return lines.map((line) => (line === '' ? '' : `\`${line}\``)).join('<br>');
}

function table(call: Call, kind: Kind): string {
  const entries = Object.entries(call[kind]);
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

const documents = [
  ['service-ci', 'service-ci'],
  ['preview', 'previews'],
] as const;
const kinds = ['inputs', 'secrets', 'outputs'] as const;

test.for(documents.flatMap((pair) => kinds.map((kind) => [...pair, kind] as const)))(
  '%s.yml says what the table of docs/%s.md says: %s',
  ([workflow, name, kind]) => {
    const [document] = ownFiles(`docs/${name}.md`);
    const [, found] =
      new RegExp(`<!-- checked: ${kind} -->\n([\\s\\S]*?)<!-- end -->`).exec(document?.text ?? '') ?? [];
    expect(found).toBe(table(callOf(workflow), kind));
  },
);

// The tables of docs/reference.md: what the actions and the reusable workflows of this repository take and give.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Entry {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: unknown;
}

type Entries = Readonly<Record<string, Entry>>;

interface Interface {
  readonly description?: string;
  readonly inputs?: Entries;
  readonly secrets?: Entries;
  readonly outputs?: Entries;
}

const workflows = '.github/workflows';

/** Everything that another repository can name under `uses`, the action itself first. */
export function referenceTables(): string {
  const folders = readdirSync('.').filter((folder) => existsSync(join(folder, 'action.yml')));
  const actions = folders.sort().map((folder) => section(folder, folder, readAction(folder)));
  const called = readdirSync(workflows)
    .sort()
    .flatMap((file) => {
      const { on } = parse(readFileSync(join(workflows, file), 'utf8'));
      const callable = typeof on === 'object' && on !== null && 'workflow_call' in on;
      return callable ? [section(file, `${workflows}/${file}`, on.workflow_call ?? {})] : [];
    });
  return [section('The action', '', readAction('.')), ...actions, ...called].join('\n');
}

function readAction(folder: string): Interface {
  return parse(readFileSync(join(folder, 'action.yml'), 'utf8'));
}

function section(title: string, path: string, { description, inputs, secrets, outputs }: Interface): string {
  const of = path === '' ? '' : ` of ${title}`;
  const uses = `\`uses: paklog/infra-action${path === '' ? '' : `/${path}`}@v1\``;
  const [page] = readdirSync('docs').filter(
    (each) => path !== '' && each.startsWith(title.replace('.yml', '')),
  );
  const tables = [
    table(`Inputs${of}`, inputs, ['input', 'meaning', 'default'], byDefault),
    table(`Secrets${of}`, secrets, ['secret', 'meaning'], () => []),
    table(`Outputs${of}`, outputs, ['output', 'meaning'], () => []),
  ].filter((part) => part !== '');
  const said = [
    `${uses}${description === undefined ? '' : `: ${description}`}`,
    ...(page === undefined ? [] : [`More in [${page}](${page}).`]),
    ...(tables.length === 0 ? ['It takes no inputs and has no outputs.'] : []),
  ];
  return [`## ${title}\n`, `${said.join('\n')}\n`, ...tables].join('\n');
}

function table(
  title: string,
  entries: Entries | undefined,
  head: readonly string[],
  more: (entry: Entry) => readonly string[],
): string {
  if (entries === undefined) return '';
  const rows = Object.entries(entries).map(([name, entry]) => [
    `\`${name}\``,
    cell(entry.description),
    ...more(entry),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `### ${title}\n\n${lines.join('\n')}\n`;
}

/** What an input is when it is not given. */
function byDefault({ required = false, default: value = '' }: Entry): readonly string[] {
  if (required) return ['required'];
  const lines = String(value).trim().split('\n');
  return [lines.map((line) => (line === '' ? '' : `\`${cell(line)}\``)).join('<br>')];
}

function cell(text: string): string {
  return text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ');
}

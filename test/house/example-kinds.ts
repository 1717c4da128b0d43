import { parse } from 'yaml';
import { type Example, placeOf } from './examples.ts';
import type { SourceFile } from './source.ts';

/** What an example is, which decides how it is proven. */
export type Kind =
  /** A whole workflow, steps of a job, or what a job gives to the reusable workflow of the page. */
  | 'workflow'
  | 'steps'
  | 'call'
  /** A Compose file, a part of a catalogue entry, or an environment of the stack. */
  | 'compose'
  | 'catalogue part'
  | 'stack environment'
  | 'script'
  | 'smoke report'
  | 'message'
  | 'authorized key'
  | 'java';

const composeKeys = ['services', 'networks', 'volumes', 'configs', 'x-paklog'];
const partKeys = ['probe', 'causes', 'jvm', 'endpoints'];

/** Undefined: no rule knows it, which is a fault of the example or a rule that is missing. */
export function kindOf({ language, text, path }: Example): Kind | undefined {
  if (language === 'yaml') return yamlKind(parse(text, { merge: true }));
  if (language === 'bash') return 'script';
  if (language === 'json' && path === 'docs/smoke.md') return 'smoke report';
  if (language === 'text' && path === 'docs/troubleshooting.md') return 'message';
  if (language === 'text' && /^restrict,command="[^"]+"$/.test(text.trimEnd())) return 'authorized key';
  return language === 'java' ? 'java' : undefined;
}

function yamlKind(value: unknown): Kind | undefined {
  if (Array.isArray(value)) return 'steps';
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const within = (known: readonly string[]) => keys.length > 0 && keys.every((key) => known.includes(key));
  if (keys.includes('jobs')) return 'workflow';
  if (within(['with'])) return 'call';
  if (within(composeKeys)) return 'compose';
  if (within(partKeys)) return 'catalogue part';
  return within(keys.filter((key) => /^[A-Z][A-Z0-9_]+$/.test(key))) ? 'stack environment' : undefined;
}

const job = 'on: push\njobs:\n  a:\n';

/** The workflow that a job calls to which a page gives only the values. */
function calledBy(path: string): string {
  const workflow = path === 'docs/previews.md' ? 'preview.yml' : 'service-ci.yml';
  return `    uses: paklog/infra-action/.github/workflows/${workflow}@v1\n`;
}

/** How a part of a workflow stands in a whole one. */
function frameOf(example: Example): { readonly before: string; readonly indent: string } | undefined {
  const kind = kindOf(example);
  if (kind === 'workflow') return { before: '', indent: '' };
  if (kind === 'steps') return { before: `${job}    runs-on: ubuntu-24.04\n    steps:\n`, indent: '      ' };
  return kind === 'call' ? { before: job + calledBy(example.path), indent: '    ' } : undefined;
}

/** The example as a workflow where GitHub would have it, when it is one or a part of one. */
export function wholeWorkflow(example: Example): SourceFile | undefined {
  const frame = frameOf(example);
  if (frame === undefined) return undefined;
  const path = `.github/workflows/${placeOf(example).replaceAll(/[/:]/g, '-')}.yml`;
  return { path, text: frame.before + example.text.replace(/^(?=.)/gm, frame.indent) };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Contexts, interpolate } from './contexts.ts';

/** What of an action.yml the runner needs. */
export interface Action {
  readonly folder: string;
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
  readonly defaults: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown } | null>>;
  readonly runs: {
    readonly using: string;
    readonly main: string;
    readonly post?: string;
    readonly 'post-if'?: string;
  };
}

export async function readAction(folder: string): Promise<Action> {
  const manifest = parse(await readFile(join(folder, 'action.yml'), 'utf8')) as Manifest;
  const { using, main, post } = manifest.runs;
  if (using !== 'node24') throw new Error(`${folder}/action.yml: this runner runs node24, not '${using}'.`);
  const inputs = Object.entries(manifest.inputs ?? {});
  return {
    folder,
    main: join(folder, main),
    post: post === undefined ? undefined : join(folder, post),
    postIf: manifest.runs['post-if'] ?? 'always()',
    defaults: new Map(inputs.map(([name, input]) => [name, String(input?.default ?? '')])),
  };
}

export interface Inputs {
  readonly values: ReadonlyMap<string, string>;
  /** The runner's warning about names that action.yml does not know; they reach the action all the same. */
  readonly warning: string | undefined;
}

/** What the caller gave, then the defaults; names are compared without case. */
export function resolveInputs(
  action: Action,
  given: Readonly<Record<string, string>>,
  contexts: Contexts,
): Inputs {
  const values = new Map(Object.entries(given));
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  for (const [name, text] of action.defaults) {
    if (!names.has(name.toLowerCase())) values.set(name, interpolate(text, contexts));
  }
  const valid = [...action.defaults.keys()];
  const known = new Set(valid.map((name) => name.toLowerCase()));
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  const warning = `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid.join("', '")}']`;
  return { values, warning: unexpected.length > 0 ? warning : undefined };
}

/** `INPUT_` names: blanks become underscores, upper case, hyphens stay. */
export function inputEnvironment(values: ReadonlyMap<string, string>): Record<string, string> {
  const entries = [...values].map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ]);
  return Object.fromEntries(entries);
}

import type { Job } from './job-state.ts';

/**
 * What an expression in the default of an input may name (the runner's action_yaml.json, `input-default-context`).
 * A job without a matrix has `null` for one.
 */
export interface Contexts {
  readonly github: Readonly<Record<string, unknown>>;
  readonly strategy: Readonly<Record<string, unknown>>;
  readonly matrix: Readonly<Record<string, unknown>> | null;
  readonly job: Readonly<Record<string, unknown>>;
  readonly runner: Readonly<Record<string, unknown>>;
}

/** The contexts of this moment: `job.status` is another one in post than it was in main. */
export function contextsOf(job: Job): Contexts {
  return {
    github: { ...job.github, event: job.event },
    strategy: job.strategy,
    matrix: job.matrix ?? null,
    job: { status: job.status },
    runner: job.runner,
  };
}

/** What a job without a strategy has. */
export const noStrategy = { 'fail-fast': true, 'job-index': 0, 'job-total': 1, 'max-parallel': 1 };

/** Fills the `${{ }}` of a text: properties of contexts, and `toJSON()` of them. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/gs, (_, expression: string) => {
    const [, json] = /^toJSON\(\s*(.*?)\s*\)$/is.exec(expression) ?? [];
    if (json === undefined) return spell(look(expression, contexts));
    return JSON.stringify(look(json, contexts) ?? null, undefined, 2);
  });
}

/** These two are modelled in part, so that a property which they lack is a gap here and not the `null` of the runner. */
const incomplete = ['github', 'runner'];

function look(expression: string, contexts: Contexts): unknown {
  const unknown = new Error(`This runner evaluates no '${expression}' in an input's default.`);
  const path = /^[a-z_][\w-]*(\.[a-z_][\w-]*|\['[^']*'\])*$/i.test(expression)
    ? [...expression.matchAll(/(?<=\[')[^']*(?=')|[\w-]+(?=[.[]|$)/g)].map(([name]) => name)
    : [];
  const [context = '', first] = path;
  const root = property(contexts, context);
  if (root === undefined) throw unknown;
  const modelled = first === undefined || property(root, first) !== undefined;
  if (incomplete.includes(context.toLowerCase()) && !modelled) throw unknown;
  return path.slice(1).reduce<unknown>(property, root);
}

/** Names are compared without case; nothing has properties that it did not get itself. */
function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function spell(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'Array' : 'Object';
  return String(value ?? '');
}

import { asObject, asString } from './json.ts';

/** What post needs to know; saved before the first side effect. */
export interface RunState {
  readonly project: string;
  readonly teardown: 'always' | 'never';
  /** The run's folder: the resolved model and environment files. */
  readonly directory: string;
}

const version = 1;

export function encodeState(state: RunState): string {
  return JSON.stringify({ version, ...state });
}

/** Total: a missing, foreign or damaged state is undefined, and post has nothing to do. */
export function decodeState(text: string): RunState | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const map = asObject(json);
  const project = asString(map?.['project']) ?? '';
  const directory = asString(map?.['directory']) ?? '';
  if (map?.['version'] !== version || !/^[a-z0-9][a-z0-9_-]{0,62}$/.test(project) || directory === '')
    return undefined;
  return { project, directory, teardown: map['teardown'] === 'never' ? 'never' : 'always' };
}

/** A project name of our own: unique for run, attempt and job, and for two jobs of one matrix on one host. */
export function uniqueProject(run: string, attempt: string, job: string, salt: string): string {
  const slug = `paklog-${run}-${attempt}-${job}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return `${slug.slice(0, 62 - salt.length)}-${salt}`;
}

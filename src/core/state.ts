import { asArray, asObject, asString, type Json } from './json.ts';
import type { LogWishes } from './log-wishes.ts';
import { projectNameRule } from './project.ts';

/** What post needs to know; saved before the first side effect. */
export interface RunState {
  readonly project: string;
  readonly teardown: 'always' | 'never';
  /** The run's folder: the resolved model, environment files, and what main leaves for post. */
  readonly directory: string;
  /** With the artifact's name settled. */
  readonly logs: LogWishes;
}

const version = 2;

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
  if (map?.['version'] !== version || !projectNameRule.test(project) || directory === '') return undefined;
  const teardown = map['teardown'] === 'never' ? 'never' : 'always';
  return { project, directory, teardown, logs: decodeWishes(asObject(map['logs']) ?? {}) };
}

function decodeWishes(json: Json): LogWishes {
  const days = Number(json['retentionDays']);
  const when = asString(json['when']);
  return {
    when: when === 'always' || when === 'never' ? when : 'on-failure',
    artifact: asString(json['artifact']) ?? '',
    ...(Number.isInteger(days) ? { retentionDays: days } : {}),
    include: asArray(json['include']).flatMap((each) => asString(each) ?? []),
  };
}

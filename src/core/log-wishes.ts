import { type Problem, quote } from './errors.ts';
import { asObject, asString, entries } from './json.ts';

/** When and how the evidence of a run is kept. */
export interface LogWishes {
  readonly when: 'on-failure' | 'always' | 'never';
  /** The artifact's name; empty: one is made that is unique for run, attempt, job and matrix entry. */
  readonly artifact: string;
  /** Days; absent: what the repository's settings say. */
  readonly retentionDays?: number;
  /** Further paths or globs of the caller, relative to the workspace. */
  readonly include: readonly string[];
}

/** Inputs about logs, which the action and its `down` have in common. */
export const logInputNames = ['logs', 'logs-artifact', 'logs-retention-days', 'logs-include'] as const;

type Refuse = (problem: Problem) => void;

/** Reads the inputs about logs; `missing` is what an empty `logs` means. */
export function readLogWishes(
  raw: Readonly<Record<string, string>>,
  missing: LogWishes['when'],
  refuse: Refuse,
): LogWishes {
  const text = (name: string) => (raw[name] ?? '').trim();
  const days = retentionDays(text('logs-retention-days'), refuse);
  return {
    when: readWhen(text('logs') || missing, missing, refuse),
    artifact: readArtifact(text('logs-artifact'), refuse),
    ...(days === undefined ? {} : { retentionDays: days }),
    include: text('logs-include')
      .split('\n')
      .flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
  };
}

function readWhen(text: string, missing: LogWishes['when'], refuse: Refuse): LogWishes['when'] {
  const allowed = ['on-failure', 'always', 'never'] as const;
  const found = allowed.find((each) => each === text);
  if (found === undefined)
    refuse({ where: 'logs', what: `${quote(text)} is not one of: ${allowed.join(', ')}` });
  return found ?? missing;
}

/** What GitHub's artifact service refuses in a name (@actions/artifact, path-and-artifact-name-validation). */
const refusedSigns = /["/:<>|*?\\\r\n]/;

function readArtifact(text: string, refuse: Refuse): string {
  if (!refusedSigns.test(text) && text.length <= 200) return text;
  const what = `${quote(text)} must be at most 200 characters, without " / \\ : < > | * ? and line breaks`;
  refuse({ where: 'logs-artifact', what });
  return '';
}

function retentionDays(text: string, refuse: Refuse): number | undefined {
  if (text === '') return undefined;
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= 400) return days;
  refuse({ where: 'logs-retention-days', what: `${quote(text)} is not a number of days from 1 to 400` });
  return undefined;
}

/** What tells apart the artifacts of one run. */
export interface ArtifactParts {
  readonly job: string;
  readonly attempt: string;
  /** The matrix entry of the job as JSON; `null` where there is none. */
  readonly matrix: string;
  readonly salt: string;
}

/**
 * A name that no other artifact of the run has, and that tells a person whose it is: job, matrix values, attempt, and a
 * salt for jobs that are called the same (two callers of one reusable workflow).
 */
export function artifactName({ job, attempt, matrix, salt }: ArtifactParts): string {
  const slug = ['infra-logs', job, ...matrixValues(matrix), attempt]
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/-{2,}/g, '-');
  return `${slug.slice(0, 100)}-${salt}`;
}

function matrixValues(text: string): readonly string[] {
  try {
    return entries(asObject(JSON.parse(text))).flatMap(([, value]) => asString(value) ?? []);
  } catch {
    return [];
  }
}

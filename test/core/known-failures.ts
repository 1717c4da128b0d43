import { readFileSync } from 'node:fs';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { type Facts, knownCause } from '../../src/core/causes/known-causes.ts';
import type { Failure } from '../../src/core/errors.ts';
import { judgeState, notReady } from '../../src/core/readiness.ts';
import { annotation } from '../../src/core/report.ts';
import { stack } from './stack-file.ts';

/** The stack's own catalogue. */
export const { catalogue } = decodeCatalogue(stack['x-paklog']);

/** A real log of test/core/logs, how its system ended, and what has to be found in it. */
export interface Case {
  readonly log: string;
  /** Its exit code, or `late` for one that runs and does not work. */
  readonly ended: number | 'late';
  readonly code: string;
  /** Words of the log that the person is shown. */
  readonly shows: string;
  /** Default: the first word of the log's name. */
  readonly system?: string;
}

export function logOf(name: string): string {
  return readFileSync(new URL(`logs/${name}.txt`, import.meta.url), 'utf8');
}

/** What the action says of a system that has ended, before its log is read. */
export function exited(system: string, exitCode: number, more: { oomKilled?: boolean } = {}): Failure {
  const seen = { service: system, id: 'c1', status: 'exited', exitCode, oomKilled: false, restarts: 0 };
  const verdict = judgeState({ ...seen, ...more }, 'probe');
  if (verdict.kind !== 'failed') throw new Error(`${system} has not failed`);
  return verdict.failure;
}

/** What is known of a system of the stack that has left this log. */
export function factsOf(system: string, log: string, more: Partial<Facts> = {}): Facts {
  return { log, system: catalogue.systems.get(system), ...more };
}

/** The failure of a case as the action tells it. */
export function toldOf({ log, ended, system = log.split('-')[0] ?? '' }: Case): Failure {
  const text = logOf(log);
  if (ended === 'late') {
    const answer = 'no answer within 2000 ms';
    const facts = factsOf(system, text, { exitCode: 0, oomKilled: false, lastAnswer: answer });
    return knownCause(notReady(system, 300, answer), facts);
  }
  return knownCause(exited(system, ended), factsOf(system, text, { exitCode: ended, oomKilled: false }));
}

/** The annotation with the last lines of the log, as it stands on the job's page. */
export function readAs(failure: Failure, log: string): string {
  const { title, text } = annotation(failure, log.trimEnd().split('\n').slice(-10).join('\n'));
  return `${title}\n\n${text}\n`;
}

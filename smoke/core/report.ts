import type { Check } from './check.ts';

export type Outcome = 'passed' | 'failed' | 'skipped';

/** How one check went. */
export interface CheckResult {
  readonly id: string;
  readonly system: string;
  readonly promise: string;
  readonly outcome: Outcome;
  /** Milliseconds that it took. */
  readonly ms: number;
  /** Why it was skipped. */
  readonly reason?: string;
  /** What was asked when the promise broke, and what came back. */
  readonly request?: string;
  readonly answer?: string;
}

/** The output `report`: a JSON file. */
export interface Report {
  readonly version: 1;
  readonly project: string;
  /** When the checks began, in ISO 8601. */
  readonly began: string;
  /** Milliseconds from then to the end of the last one. */
  readonly took: number;
  /** In the order of docs/smoke.md. */
  readonly checks: readonly CheckResult[];
}

export type Verdict = Pick<CheckResult, 'outcome' | 'reason' | 'request' | 'answer'>;

export function resultOf(check: Check, verdict: Verdict, ms: number): CheckResult {
  const { id, system, promise } = check;
  return { id, system, promise, ...verdict, ms: Math.round(ms) };
}

export function count({ checks }: Report, outcome: Outcome): number {
  return checks.filter((check) => check.outcome === outcome).length;
}

/** `41 passed, 1 failed, 5 skipped`. */
export function counts(report: Report): string {
  const outcomes = ['passed', 'failed', 'skipped'] as const;
  return outcomes.map((outcome) => `${count(report, outcome)} ${outcome}`).join(', ');
}

const marks: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', skipped: '-' };

/** A check's line in the log of the step. */
export function line({ id, outcome, ms, reason }: CheckResult): string {
  const end = outcome === 'skipped' ? `skipped: ${reason}` : `${(ms / 1000).toFixed(1)} s`;
  return `${marks[outcome]} ${id.padEnd(32)} ${end}`;
}

/** The annotation of a broken promise. GitHub cuts it at 4 Ki characters. */
export function annotation({ id, promise, request = '', answer = '' }: CheckResult) {
  return {
    title: `smoke: ${id}`,
    text: [`Broken: ${promise}`, `Request: ${cut(request)}`, `Answer: ${cut(answer)}`].join('\n'),
  };
}

function cut(text: string): string {
  return text.length <= 1500 ? text : `${text.slice(0, 1499)}…`;
}

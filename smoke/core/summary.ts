import { code, fenced, prose, table } from '../../src/core/markdown.ts';
import { type CheckResult, counts, type Report } from './report.ts';

/** The job summary: how it went, every broken promise with request and answer, and a line for each check. */
export function renderSummary(report: Report): string {
  const broken = report.checks.filter(({ outcome }) => outcome === 'failed');
  const head = broken.length === 0 ? '✅ Every promise of the stack holds' : `❌ ${brokenOnes(broken)}`;
  const rows = report.checks.map((check) => [
    check.system,
    `${icons[check.outcome]} ${code(check.id)}`,
    prose(check.promise),
    check.outcome === 'skipped' ? `skipped: ${prose(check.reason ?? '')}` : check.outcome,
    check.outcome === 'skipped' ? '' : seconds(check.ms),
  ]);
  return [
    `## ${head}`,
    '',
    `${counts(report)} in ${seconds(report.took)} s, project ${code(report.project)}.`,
    '',
    ...broken.flatMap(details),
    ...table(['system', 'check', 'promise', 'outcome', 'seconds:'], rows),
    '',
  ].join('\n');
}

const icons: Readonly<Record<CheckResult['outcome'], string>> = { passed: '✅', failed: '❌', skipped: '⏭️' };

function brokenOnes(broken: readonly CheckResult[]): string {
  return broken.length === 1 ? 'One promise of the stack is broken' : `${broken.length} promises are broken`;
}

function details({ id, promise, request = '', answer = '' }: CheckResult): readonly string[] {
  return [`### ${code(id)}`, '', prose(promise), '', fenced(`Request: ${request}\nAnswer: ${answer}`), ''];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

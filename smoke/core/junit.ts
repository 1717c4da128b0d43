import type { CheckResult, Report } from './report.ts';
import { count } from './report.ts';

/** The report as a JUnit file: a suite for each system, a case for each check (the format that Surefire writes). */
export function junit(report: Report): string {
  const systems = [...new Set(report.checks.map(({ system }) => system))];
  const suites = systems.flatMap((system) => {
    const checks = report.checks.filter((check) => check.system === system);
    return suite(system, { ...report, checks });
  });
  const total = { name: 'smoke', ...numbers(report), time: seconds(report.took) };
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${attributes(total)}>`, ...suites]
    .concat('</testsuites>\n')
    .join('\n');
}

function suite(system: string, report: Report): readonly string[] {
  const time = report.checks.reduce((sum, { ms }) => sum + ms, 0);
  // Without its zone: that is how Surefire writes it, and some readers take nothing else.
  const timestamp = report.began.replace(/\.\d+Z$/, '');
  const head = { name: system, ...numbers(report), errors: '0', time: seconds(time), timestamp };
  return [`  <testsuite${attributes(head)}>`, ...report.checks.flatMap(testcase), '  </testsuite>'];
}

function numbers(report: Report) {
  return {
    tests: String(report.checks.length),
    failures: String(count(report, 'failed')),
    skipped: String(count(report, 'skipped')),
  };
}

function testcase(check: CheckResult): readonly string[] {
  const { id, system, promise, ms, outcome, reason = '', request = '', answer = '' } = check;
  const name = id.slice(system.length + 1) || id;
  const head = attributes({ name, classname: `smoke.${system}`, time: seconds(ms) });
  if (outcome === 'passed') return [`    <testcase${head}/>`];
  const inside =
    outcome === 'skipped'
      ? `      <skipped${attributes({ message: reason })}/>`
      : `      <failure${attributes({ message: promise, type: 'BrokenPromise' })}>${text(`Request: ${request}\nAnswer: ${answer}`)}</failure>`;
  return [`    <testcase${head}>`, inside, '    </testcase>'];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => {
    const escaped = text(value).replaceAll('"', '&quot;');
    return ` ${name}="${escaped.replaceAll('\n', '&#10;').replaceAll('\t', '&#9;').replaceAll('\r', '&#13;')}"`;
  });
  return pairs.join('');
}

/** Characters that XML 1.0 does not have, not even escaped ("Char" in its section 2.2). */
const noCharacter = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function text(value: string): string {
  return value
    .toWellFormed()
    .replace(noCharacter, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { junit } from '../../smoke/core/junit.ts';
import { annotation, counts, line, type Report } from '../../smoke/core/report.ts';
import { renderSummary } from '../../smoke/core/summary.ts';
import { result } from '../fakes/smoke.ts';
import { anyText } from './any-text.ts';

const report: Report = {
  version: 1,
  project: 'p',
  began: '2030-01-02T03:04:05.678Z',
  took: 4321,
  checks: [
    result('queue.send'),
    result('queue.read', { outcome: 'failed', request: 'read <orders>', answer: 'none & "no"\nmore' }),
    result('store.roles', { outcome: 'skipped', ms: 0, reason: 'It knows no roles.' }),
  ],
};

test('the JUnit file has a suite for each system and a case for each check', () => {
  expect(junit(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="smoke" tests="3" failures="1" skipped="1" time="4.321">
  <testsuite name="queue" tests="2" failures="1" skipped="0" errors="0" time="2.400" timestamp="2030-01-02T03:04:05">
    <testcase name="send" classname="smoke.queue" time="1.200"/>
    <testcase name="read" classname="smoke.queue" time="1.200">
      <failure message="queue.read holds." type="BrokenPromise">Request: read &lt;orders&gt;
Answer: none &amp; "no"
more</failure>
    </testcase>
  </testsuite>
  <testsuite name="store" tests="1" failures="0" skipped="1" errors="0" time="0.000" timestamp="2030-01-02T03:04:05">
    <testcase name="roles" classname="smoke.store" time="0.000">
      <skipped message="It knows no roles."/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test('whatever a system answers, the JUnit file stays well-formed', () => {
  const tag = /<(\/?[a-z]+)((?: [a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#\d+);[^"<&]*)*")*)\/?>|<\?xml[^>]*\?>/g;
  fc.assert(
    fc.property(anyText(), anyText(), (request, answer) => {
      const check = result('queue.read', { outcome: 'failed', request, answer, promise: answer });
      const text = junit({ ...report, checks: [check] });
      const rest = text.replace(tag, '').replace(/&(amp|lt|gt|#\d+);/g, '');
      expect(rest).not.toMatch(/[<&]/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 does not have
      expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      expect(text.isWellFormed()).toBe(true);
    }),
  );
});

describe('for people', () => {
  test('a line for each check', () => {
    expect(report.checks.map(line)).toEqual([
      '✓ queue.send                       1.2 s',
      '✗ queue.read                       1.2 s',
      '- store.roles                      skipped: It knows no roles.',
    ]);
    expect(counts(report)).toBe('1 passed, 1 failed, 1 skipped');
  });

  test('an annotation with request and answer, within what GitHub shows', () => {
    expect(annotation(result('queue.read', { request: 'read', answer: 'nothing' }))).toEqual({
      title: 'smoke: queue.read',
      text: 'Broken: queue.read holds.\nRequest: read\nAnswer: nothing',
    });
    const long = 'x'.repeat(9000);
    const { text } = annotation(result('queue.read', { request: long, answer: long }));
    expect(text.length).toBeLessThan(4096);
  });

  test('a summary that shows broken promises first', () => {
    expect(renderSummary(report)).toBe(`## ❌ One promise of the stack is broken

1 passed, 1 failed, 1 skipped in 4.3 s, project \`p\`.

### \`queue.read\`

queue.read holds.

\`\`\`text
Request: read <orders>
Answer: none & "no"
more
\`\`\`

| system | check | promise | outcome | seconds |
|---|---|---|---|--:|
| queue | ✅ \`queue.send\` | queue.send holds. | passed | 1.2 |
| queue | ❌ \`queue.read\` | queue.read holds. | failed | 1.2 |
| store | ⏭️ \`store.roles\` | store.roles holds. | skipped: It knows no roles. |  |
`);
    const fine = { ...report, checks: report.checks.filter(({ outcome }) => outcome !== 'failed') };
    expect(renderSummary(fine)).toMatch(/^## ✅ Every promise of the stack holds\n/);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SystemRecord } from '../../src/core/record.ts';
import { renderAfter, renderSummary, type SummaryInput } from '../../src/core/summary/summary.ts';
import { githubHtml } from './github-html.ts';
import { hostileText, linksOf, tagsOf } from './hostile-text.ts';
import { after, failure } from './summary-samples.ts';

const mebibyte = 1024 * 1024;
const bytes = (text: string) => Buffer.byteLength(text);
const [any] = failure.record.systems;

const long = 'é\n'.repeat(1_000_000);

function crowd(count: number, answer = 'HTTP 503'): readonly SystemRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    ...(any as SystemRecord),
    service: index === 7 ? 'kafka' : `system-${index}`,
    stage: index === 7 ? ('failed' as const) : ('starting' as const),
    probes: [{ at: 1, answer }],
  }));
}

function withSystems(systems: readonly SystemRecord[], limit?: number): SummaryInput {
  const record = { ...failure.record, systems };
  return {
    ...failure,
    record,
    failureLog: long,
    ...(limit === undefined ? {} : { limit }),
  };
}

describe('what a summary leaves out first', () => {
  const parts = (text: string) => ({
    log: text.includes('```text'),
    answers: text.includes('HTTP 503'),
    timeline: text.includes('```mermaid'),
    rows: text.match(/^\| (?:❌|⏳)/gm)?.length ?? 0,
  });
  const systems = crowd(30);
  const whole = bytes(renderSummary({ ...withSystems(systems), failureLog: '' }));

  test.each([
    ['nothing', whole + 10_000, { log: true, answers: true, timeline: true, rows: 30 }],
    ['the log', whole, { log: false, answers: true, timeline: true, rows: 30 }],
    ['what probes were answered', whole - 1, { log: false, answers: false, timeline: true, rows: 30 }],
    ['the timeline', whole - 1500, { log: false, answers: false, timeline: false, rows: 30 }],
    ['rows of the table', 2500, { log: false, answers: false, timeline: false, rows: 15 }],
    ['the table', 800, { log: false, answers: false, timeline: false, rows: 0 }],
  ])('%s', (_, limit, expected) => {
    const text = renderSummary(withSystems(systems, limit));
    expect(parts(text)).toEqual(expected);
    expect(bytes(text)).toBeLessThanOrEqual(limit);
  });

  test('says how many rows are missing, and keeps the system at fault', () => {
    const text = renderSummary(withSystems(systems, 2500));
    expect(text).toContain('\n15 more systems are not listed');
    expect(text).toContain('| ❌ **kafka**');
  });
});

test.each([1, 11, 60, 5000])(
  'a summary of %i systems and a log of megabytes is one that GitHub takes',
  (count) => {
    const text = renderSummary(withSystems(crowd(count, '\u{1f4a5}'.repeat(1000))));
    expect(bytes(text)).toBeLessThan(mebibyte);
    expect(text).toContain('kafka exited with code 1');
  },
);

const limit = fc.integer({ min: 0, max: 30_000 });

test('no limit is ever exceeded, and what is left is whole Markdown', () => {
  fc.assert(
    fc.property(limit, fc.nat(40), hostileText, (most, count, text) => {
      const summary = renderSummary(withSystems(crowd(count, text), most));
      expect(bytes(summary)).toBeLessThanOrEqual(most);
      expect(
        bytes(renderAfter({ ...after, warnings: Array(count).fill(text), limit: most })),
      ).toBeLessThanOrEqual(most);
      expect(summary.match(/^<details>/gm)?.length).toBe(summary.match(/^<\/details>/gm)?.length);
    }),
    { numRuns: 30 },
  );
});

test('nothing from outside is more than text in it', () => {
  fc.assert(
    fc.property(fc.infiniteStream(hostileText), (stream) => {
      const say = () => stream.next().value ?? '';
      const systems = crowd(9).map((system) => ({
        ...system,
        service: `${system.service}${say()}`,
        image: say(),
        after: [say()],
        urls: [say(), say()],
        probes: [{ at: 1, answer: say() }],
      }));
      const failed = { code: say(), system: say(), what: say(), why: say(), advice: say() };
      const images = [{ image: `a${say()}`, origin: 'engine' as const }];
      const said = { project: say(), failure: failed, cache: say(), warnings: [say()] };
      const record = { ...failure.record, ...said, systems, images };
      const html = githubHtml(
        renderSummary({ record, failureLog: say(), artifact: { name: say(), url: say() } }),
      );
      expect(
        linksOf(html).every((url) => url.startsWith('https://github.com/paklog/infra-action/blob/v1/docs/')),
      ).toBe(true);
      expect(html.match(/<h3>/g)).toHaveLength(1);
      expect(html.match(/<tr>/g)).toHaveLength(systems.length + 1 + 2);
      expect(tagsOf(html).filter((tag) => /^(img|script|input|h[1245]|ol|hr|del|em|sup)$/.test(tag))).toEqual(
        [],
      );
    }),
    { numRuns: 50 },
  );
});

import { describe, expect, test } from 'vitest';
import type { ImageRecord } from '../../src/core/images/image-record.ts';
import { cachePolicy, policyInWords } from '../../src/core/images/policy.ts';
import { imagesTable } from '../../src/core/summary/images.ts';
import { renderSummary } from '../../src/core/summary/summary.ts';
import { githubHtml } from './github-html.ts';
import { success } from './summary-samples.ts';

const images: readonly ImageRecord[] = [
  { image: 'redis:7.2.16-alpine', origin: 'local' },
  {
    image: 'confluentinc/cp-zookeeper:7.9.6',
    origin: 'cache',
    bytes: 412_345_678,
    seconds: 5.04,
    otherWay: 7.1,
  },
  { image: 'confluentinc/cp-kafka:7.9.6', origin: 'cache', bytes: 390_000_000, seconds: 6, otherWay: 5.6 },
  { image: 'mongo:7.0.43', origin: 'registry', bytes: 281_000_000, seconds: 6.8 },
  { image: 'grafana/loki:3.7.8', origin: 'registry', bytes: 0, seconds: 3, otherWay: 3.75 },
  { image: 'grafana/tempo:3.0.3', origin: 'registry', bytes: 40_000_000, seconds: 3, otherWay: 2 },
  { image: 'grafana/grafana:12.4.11', origin: 'cache', bytes: 150_000_000, seconds: 4, otherWay: 4.01 },
  {
    image: `registry.example.com/topics@sha256:${'0123456789abcdef'.repeat(4)}`,
    origin: 'engine',
    seconds: 2,
  },
];
const cache = policyInWords(cachePolicy('auto', { event: 'push', refType: 'branch' }, true));

describe('the images in a summary', () => {
  test('read well', async () => {
    const text = `${imagesTable({ ...success, images, cache }, 20).join('\n')}\n`;
    await expect(text).toMatchFileSnapshot('golden/summary/images.md');
  });

  test('stand before the link at its end', () => {
    const text = renderSummary({ record: { ...success, images, cache } });
    expect(text).toMatch(/```\n\n\| image \|[\s\S]*\n1 more was on this machine\. The cache [^\n]*\n\n\[How/);
    expect(githubHtml(text).match(/<table>/g)).toHaveLength(2);
  });

  test.each([
    ['where it is not known how they came', {}],
    ['where all were on the machine', { images: images.slice(0, 1), cache }],
  ])('are left out %s', (_, record) => {
    expect(renderSummary({ record: { ...success, ...record } })).toBe(renderSummary({ record: success }));
  });

  test('are counted where they are too many', () => {
    const text = imagesTable({ ...success, images }, 3).join('\n');
    expect(text.match(/^\| `/gm)).toHaveLength(3);
    expect(text).toMatch(/\n\n4 more images are not listed[^\n]* 1 more was on this machine\.$/);
  });

  test('shrink with the systems when the page is too long', () => {
    const record = { ...success, images, cache };
    const text = renderSummary({ record, limit: 1800 });
    expect(text).toContain('more images are not listed');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1800);
  });
});

describe('what is said of the cache', () => {
  test.each([
    ['on', 'push', 'branch', true, 'The cache was used (cache: on).'],
    ['auto', 'push', 'branch', true, 'The cache was used (cache: auto).'],
    ['read-only', 'release', 'tag', true, 'The cache was read and not written (cache: read-only).'],
    ['off', 'push', 'branch', true, 'The cache was not used: cache: off.'],
    ['on', 'push', 'branch', false, 'The cache was not used: this runner has no cache service.'],
    ['auto', 'push', 'tag', true, 'The cache was not used: cache: auto, and this is a tag.'],
    [
      'auto',
      'workflow_run',
      'branch',
      true,
      'The cache was not used: cache: auto, and this is a workflow_run event.',
    ],
  ] as const)('with `%s` on %s of a %s, there: %s', (mode, event, refType, there, told) => {
    expect(policyInWords(cachePolicy(mode, { event, refType }, there))).toBe(told);
  });
});

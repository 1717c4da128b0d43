import { expect, test } from 'vitest';
import { run, stepOf } from '../runner/job.ts';
import { resultsService } from '../runner/results-service.ts';
import { bring, script } from './caller-stack.ts';

/** A gigabyte in lines of 8 KiB, between a first and a last line. */
const flood = [
  'echo "the first line"',
  'yes "$(printf %08000d 0)" | head -n 131072',
  'echo "the last line"',
  'touch /tmp/done',
  'exec sleep 600',
].join('; ');

test('a gigabyte of log is kept as its head and tail, in little memory', { timeout: 300_000 }, async () => {
  await using results = await resultsService();
  const ledger = script(flood, {
    healthcheck: { test: ['CMD-SHELL', 'test -e /tmp/done'], interval: '1s', retries: 1000 },
  });
  const job = await bring(
    { services: { ledger } },
    { actionEnv: results.env, later: [run('tests', ['sh', '-c', 'exit 3'])] },
  );
  const post = stepOf(job, 'stack', 'post');
  const log = results.artifacts[0]?.files.get('ledger/log.txt')?.toString() ?? '';
  expect(log.split('\n')[0]).toContain('the first line');
  expect(log.trimEnd().split('\n').at(-1)).toContain('the last line');
  expect(log.split('\n').filter((line) => line.includes('The log is cut here'))).toHaveLength(1);
  expect(log.length).toBeGreaterThan(12 * 1024 * 1024);
  expect(log.length).toBeLessThan(17 * 1024 * 1024);
  expect(post.annotations, job.text).toEqual([]);
  expect(post.usage?.maxRssBytes).toBeLessThan(200 * 1024 * 1024);
});

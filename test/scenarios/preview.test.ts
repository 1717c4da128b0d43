import { expect, test } from 'vitest';
import { leaksOf } from '../runner/leaks.ts';
import { containersOf, serviceOf } from './docker.ts';
import { shop, visit } from './preview-app.ts';
import { commits, githubOf, happen, outputOf, type Pull } from './preview-events.ts';

const minutes = 60_000;

test('a pull request is brought up, updated and taken down', { timeout: 3 * minutes }, async () => {
  const leaks = await leaksOf();
  const pull: Pull = { open: true, head: commits[0] };
  await using github = await githubOf({ 7: pull });
  const about = { api: github.url, number: 7, pull };
  const opened = await happen({ ...about, action: 'opened', files: shop('first') });
  expect(opened.conclusion, opened.text).toBe('success');
  const url = outputOf(opened, 'url');
  expect(url).toMatch(/^http:\/\/localhost:2\d{4}\/$/);
  expect(await visit(url)).toBe('first costs $5 1');
  const before = await containersOf('preview-shop-pr-7');

  pull.head = commits[1];
  const pushed = await happen({ ...about, action: 'synchronize', files: shop('second') });
  expect(outputOf(pushed, 'url'), pushed.text).toBe(url);
  expect(await visit(url)).toBe('second costs $5 2');
  const after = await containersOf('preview-shop-pr-7');
  const idOf = (all: typeof before, name: string) => all.find((each) => serviceOf(each) === name)?.Id;
  expect(idOf(after, 'redis')).toBe(idOf(before, 'redis'));

  pull.open = false;
  const closed = await happen({ ...about, action: 'closed' });
  expect(closed.conclusion, closed.text).toBe('success');
  await github[Symbol.asyncDispose]();
  expect(await leaks(), closed.text).toEqual([]);
});

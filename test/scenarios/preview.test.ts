import { expect, test } from 'vitest';
import { labelsOf } from '../../src/core/preview/identity.ts';
import { githubServer } from '../runner/github-server.ts';
import { stepOf } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import { shop, visit } from '../runner/preview-app.ts';
import { happen, heads, outputOf, statesOf } from '../runner/preview-events.ts';
import { resultsService } from '../runner/results-service.ts';
import { containersOf, docker, serviceOf } from './docker.ts';

const minute = 60_000;
const project = 'preview-shop-pr-7';

async function containerOf(service: string): Promise<string | undefined> {
  return (await containersOf(project)).find((each) => serviceOf(each) === service)?.Id;
}

test('a pull request is brought up, also where a run was cancelled in the middle, updated with every push, and taken down when it is closed', {
  timeout: 2 * minute,
}, async () => {
  const leaks = await leaksOf();
  await using github = await githubServer();
  github.open({ number: 7, head: heads[0] });
  const interrupts = [{ what: 'cancel', when: /^Bringing/ }] as const;
  const cancelled = await happen(github, { action: 'opened', files: shop('never'), interrupts });
  expect(cancelled.conclusion, cancelled.text).toBe('cancelled');
  const opened = await happen(github, { action: 'synchronize', files: shop('first') });
  expect(opened.conclusion, opened.text).toBe('success');
  const url = outputOf(opened, 'url');
  expect(url).toMatch(/^http:\/\/localhost:2\d{4}\/$/);
  expect(await visit(url)).toBe('first costs $5 first');
  const redis = await containerOf('redis');

  github.open({ number: 7, head: heads[1] });
  const pushed = await happen(github, { action: 'synchronize', files: shop('second') });
  expect(outputOf(pushed, 'url'), pushed.text).toBe(url);
  expect(await visit(url)).toBe('second costs $5 first');
  expect(await containerOf('redis')).toBe(redis);
  expect(github.comments.get(7)).toMatchObject([{ body: expect.stringContaining(url) }]);
  // The work of post is done by then: the image of the older commit is gone.
  expect(await docker('image', 'ls', '--format', '{{.Tag}}', `${project}-web`)).toBe(heads[1].slice(0, 12));

  github.close(7);
  const closed = await happen(github, { action: 'closed' });
  expect(closed.conclusion, closed.text).toBe('success');
  expect(statesOf(github).at(-1)).toBe('inactive');
  expect(await docker('image', 'ls', '--quiet', `${project}-web`)).toBe('');
  await github[Symbol.asyncDispose]();
  expect(await leaks(), closed.text).toEqual([]);
});

test('a pull request that is closed while its preview comes up leaves nothing', {
  timeout: minute,
}, async () => {
  const leaks = await leaksOf();
  await using github = await githubServer();
  github.open({ number: 7, head: heads[0] });
  const job = await happen(github, {
    action: 'opened',
    files: shop('first'),
    onLine: ({ text }) => text.startsWith('Bringing') && github.close(7),
  });
  expect(job.conclusion, job.text).toBe('success');
  expect(outputOf(job, 'state')).toBe('closed');
  expect(statesOf(github)).toEqual(['in_progress', 'inactive']);
  await github[Symbol.asyncDispose]();
  expect(await leaks(), job.text).toEqual([]);
});

test('what fails says why at once, the next push mends it, and the schedule takes it down when its time is over', {
  timeout: 2 * minute,
}, async () => {
  const leaks = await leaksOf();
  await using github = await githubServer();
  await using results = await resultsService();
  github.open({ number: 7, head: heads[0] });
  const broken = shop('first', { 'app/serve.sh': 'echo "no database named orders"; exit 3' });
  const failed = await happen(github, { action: 'opened', files: broken, actionEnv: results.env });
  expect(failed.conclusion, failed.text).toBe('failure');
  const [annotation] = stepOf(failed, 'preview').annotations;
  expect(annotation?.message).toContain('web exited with code 3.');
  expect(results.artifacts[0]?.files.get('web/log.txt')?.toString()).toContain('no database named orders');
  expect(github.comments.get(7)).toMatchObject([{ body: expect.stringContaining('exited with code 3') }]);

  github.open({ number: 7, head: heads[1] });
  const mending = { action: 'synchronize', files: shop('second'), with: { ttl: '1s' } };
  const mended = await happen(github, mending);
  expect(mended.conclusion, mended.text).toBe('success');
  expect(await visit(outputOf(mended, 'url'))).toBe('second costs $5 second');

  const expired = { commit: heads[0], environment: 'e', created: '2020-01-01', expires: '2020-01-02' };
  const bakery = { repository: 'octo/bakery', number: 7, ...expired };
  const labels = Object.entries(labelsOf(bakery, 'preview-bakery-pr-7'));
  await docker('volume', 'create', ...labels.flatMap((each) => ['--label', each.join('=')]), 'bakery');
  const reaped = await happen(github, { action: '', event: 'schedule' });
  expect(reaped.text).toContain('1 previews of octo/shop were here; 1 were taken down.');
  expect(await docker('volume', 'rm', 'bakery'), 'another repository’s stays').toBe('bakery');
  for (const server of [github, results]) await server[Symbol.asyncDispose]();
  expect(await leaks(), reaped.text).toEqual([]);
});

test('refusals come before anything is asked or started', { timeout: minute }, async () => {
  await using github = await githubServer();
  github.open({ number: 7, head: heads[0], from: 'mallory/shop' });
  const fork = await happen(github, { action: 'opened', files: shop('first') });
  expect(outputOf(fork, 'state'), fork.text).toBe('skipped');
  const target = await happen(github, { action: 'opened', event: 'pull_request_target' });
  expect(target.conclusion).toBe('failure');
  const wrong = await happen(github, {
    ...{ action: '', event: 'workflow_dispatch', files: shop('first') },
    with: { 'pull-request': '7', commit: 'main', ttl: 'for ever', expose: 'web' },
  });
  const [annotation] = stepOf(wrong, 'preview').annotations;
  for (const name of ['commit', 'ttl', 'expose']) expect(annotation?.message).toContain(`${name}: "`);
  expect(github.calls).toEqual([]);
});

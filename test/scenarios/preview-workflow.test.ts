import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubServer, githubServer } from '../runner/github-server.ts';
import { leaksOf } from '../runner/leaks.ts';
import { shop, visit } from '../runner/preview-app.ts';
import { type Downstream, downstream } from './preview-downstream.ts';

/**
 * The life of two pull requests in a repository that calls the workflow: under act, on this machine's engine, with a server
 * that plays GitHub.
 */
let github: GitHubServer;
let repository: Downstream;
let leaks: () => Promise<string[]>;
let url: string;

beforeAll(async () => {
  github = await githubServer();
  leaks = await leaksOf();
  repository = await downstream();
}, 300_000);

afterAll(async () => {
  await repository[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
});

/** What the workflow does when something happens to a pull request. */
function happen(number: number, action: string, from = 'octo/shop') {
  const pull = github.pullRequests.get(number);
  const repo = { full_name: from };
  const base = { repo: { full_name: 'octo/shop' } };
  const head = { sha: pull?.head, repo };
  const user = { login: 'octocat' };
  return repository.happen(github, 'pull_request', {
    action,
    pull_request: { number, state: pull?.state, head, base, user },
  });
}

const comments = (number: number) => (github.comments.get(number) ?? []).map(({ body }) => body ?? '');
const states = () => github.deployments.map(({ statuses }) => statuses.map(({ state }) => state).join(' '));

test('opened: its commit is there, and one comment and one deployment tell where', {
  timeout: 300_000,
}, async () => {
  github.open({ number: 7, head: await repository.commit(shop('first')) });
  const { code, output } = await happen(7, 'opened');
  expect(code, output).toBe(0);
  [, url = ''] = /\| ready at (http:\S+)/.exec(output) ?? [];
  expect(await visit(url)).toBe('first costs $5 first');
  expect(comments(7)).toEqual([expect.stringContaining(`<${url}>`)]);
  expect(states()).toEqual(['in_progress success']);
  expect(github.deployments[0]?.statuses.at(-1)?.environment_url).toBe(url);
});

test('pushed to: the new commit is at the same address, its data stays, the comment stays one', {
  timeout: 300_000,
}, async () => {
  const head = await repository.commit(shop('second'));
  github.open({ number: 7, head });
  const { code, output } = await happen(7, 'synchronize');
  expect(code, output).toBe(0);
  expect(await visit(url)).toBe('second costs $5 first');
  expect(comments(7)).toEqual([expect.stringContaining(head)]);
  expect(states()).toEqual(['in_progress success inactive', 'in_progress success']);
});

test('a fork’s is not run, and the one that is there is left alone', { timeout: 300_000 }, async () => {
  github.open({ number: 8, head: await repository.commit(shop('stranger')), from: 'cat/shop' });
  const before = github.calls.length;
  const { code, output } = await happen(8, 'opened', 'cat/shop');
  expect(code, output).toBe(0);
  expect(output).toContain('| skipped at ');
  expect(github.calls.slice(before)).toEqual([]);
  expect(await visit(url)).toBe('second costs $5 first');
});

test('closed: nothing of it is left, and both say so', { timeout: 300_000 }, async () => {
  github.close(7);
  const { code, output } = await happen(7, 'closed');
  expect(code, output).toBe(0);
  expect(comments(7)).toEqual([expect.stringContaining('taken down')]);
  expect(states().at(-1)).toBe('in_progress success inactive');
  expect(await leaks(), output).toEqual([]);
});

test('a fork’s that a maintainer has read runs by hand, and the schedule takes it down when it is closed', {
  timeout: 300_000,
}, async () => {
  const commit = github.pullRequests.get(8)?.head;
  const started = await repository.happen(github, 'workflow_dispatch', {
    inputs: { 'pull-request': '8', commit },
  });
  expect(started.code, started.output).toBe(0);
  expect(comments(8)).toEqual([expect.stringContaining('is ready')]);
  const open = await repository.happen(github, 'schedule', {});
  expect(open.code, open.output).toBe(0);
  expect(comments(8)).toEqual([expect.stringContaining('is ready')]);
  github.close(8);
  const closed = await repository.happen(github, 'schedule', {});
  expect(closed.code, closed.output).toBe(0);
  expect(comments(8)).toEqual([expect.stringContaining('taken down')]);
  expect(await leaks(), closed.output).toEqual([]);
});

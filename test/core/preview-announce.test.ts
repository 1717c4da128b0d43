import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commentMarker } from '../../src/core/preview/announce-comment.ts';
import type { Subject } from '../../src/core/preview/announce-subject.ts';
import type { PreviewState } from '../../src/core/preview/state.ts';
import { githubApi } from '../../src/io/github.ts';
import { announce } from '../../src/preview/announce.ts';
import { type GitHubServer, githubServer } from '../runner/github-server.ts';

const [one, two] = ['1'.repeat(40), '2'.repeat(40)];
const subject: Subject = {
  repository: 'octo/shop',
  number: 7,
  commit: one,
  environment: 'preview',
  runUrl: 'https://github.com/octo/shop/actions/runs/1',
  comment: true,
};
const url = 'http://previews.example.com:32768';
const building: PreviewState = { kind: 'building' };
const ready: PreviewState = {
  kind: 'ready',
  urls: [{ name: 'web', url }],
  expires: '2026-11-28T10:30:00Z',
};
const failed: PreviewState = { kind: 'failed', title: 'web: SERVICE_EXITED', text: 'It ended with code 1.' };
const closed: PreviewState = { kind: 'closed', because: 'closed' };

let server: GitHubServer;
let warnings: string[];

beforeEach(async () => {
  server = await githubServer();
  warnings = [];
});

afterEach(() => server[Symbol.asyncDispose]());

/** What announcing changed at GitHub. */
async function tell(state: PreviewState, about: Partial<Subject> = {}) {
  const github = githubApi({ repository: 'octo/shop', token: server.token, apiUrl: server.url, second: 1 });
  const before = server.changes().length;
  const runner = { warning: (text: string) => void warnings.push(text) };
  const announced = await announce(state, { ...subject, ...about }, { github, runner });
  return { announced, changes: server.changes().slice(before) };
}

const bodies = () => (server.comments.get(7) ?? []).map(({ body }) => body ?? '');
const states = () => server.deployments.map(({ statuses }) => statuses.map(({ state }) => state).join(' '));

describe('a pull request’s life', () => {
  test('is one comment and one deployment per commit, of which only the last is active', async () => {
    expect(await tell(building)).toEqual({
      announced: { comment: 1, deployment: 1 },
      changes: ['POST issues/7/comments', 'POST deployments', 'POST deployments/1/statuses'],
    });
    await tell(ready);
    expect(server.deployments[0]).toMatchObject({
      sha: one,
      environment: 'preview',
      transient_environment: true,
      production_environment: false,
      statuses: [
        { state: 'in_progress' },
        { state: 'success', environment_url: url, log_url: subject.runUrl },
      ],
    });
    await tell(building, { commit: two });
    expect(states()).toEqual(['in_progress success', 'in_progress']);
    expect(await tell(ready, { commit: two })).toEqual({
      announced: { comment: 1, deployment: 2 },
      changes: ['PATCH issues/comments/1', 'POST deployments/2/statuses', 'POST deployments/1/statuses'],
    });
    await tell(closed, { commit: two });
    expect(states()).toEqual(['in_progress success inactive', 'in_progress success inactive']);
    expect(bodies()).toEqual([expect.stringContaining('taken down')]);
    expect(await tell(closed, { commit: two })).toMatchObject({ changes: [] });
    expect(warnings).toEqual([]);
  });

  test('goes on with the same comment and a new deployment when it is opened again', async () => {
    for (const state of [building, ready, closed, building, ready]) await tell(state);
    expect(bodies()).toEqual([expect.stringContaining(url)]);
    expect(states()).toEqual(['in_progress success inactive in_progress success']);
  });

  test('may go back to an older commit', async () => {
    for (const commit of [one, two, one, two]) await tell(ready, { commit });
    expect(states()).toEqual(['success inactive', 'success inactive', 'success inactive', 'success']);
  });

  test('that was never announced ends without a word', async () => {
    expect(await tell(closed)).toEqual({ announced: {}, changes: [] });
  });

  test('has a cause when it fails, and no active deployment', async () => {
    await tell(ready);
    await tell(failed, { commit: two });
    expect(states()).toEqual(['success inactive', 'failure']);
    expect(bodies()[0]).toContain('It ended with code 1.');
  });

  test('has no comment where none is wanted', async () => {
    expect(await tell(building, { comment: false })).toMatchObject({ announced: { deployment: 1 } });
    expect(server.comments.size).toBe(0);
  });
});

describe('what is not ours is left alone:', () => {
  const comment = (id: number, login: string, body: string) => {
    const list = server.comments.get(7) ?? [];
    server.comments.set(7, [...list, { id, body, created_at: '', user: { login, type: 'User' } }]);
  };

  test('a comment of somebody else with our marker', async () => {
    const forged = `${commentMarker(subject)}\nhttps://evil.example.com`;
    comment(1, 'octocat', forged);
    await tell(ready);
    expect(bodies()).toEqual([forged, expect.stringContaining(url)]);
  });

  test('a comment of ours that only quotes the marker', async () => {
    comment(1, 'github-actions[bot]', `> ${commentMarker(subject)}`);
    await tell(ready);
    expect(bodies()).toHaveLength(2);
  });

  test('the comment and the deployments of another environment, and of another pull request', async () => {
    await tell(ready);
    await tell(ready, { environment: 'staging', commit: two });
    await tell(ready, { number: 8, commit: two });
    await tell(closed, { number: 8 });
    expect(states()).toEqual(['success', 'success', 'success inactive']);
    expect([...server.comments].map(([number, list]) => [number, list.length])).toEqual([
      [7, 2],
      [8, 1],
    ]);
  });
});

test('of two comments that began at once the oldest stays, beyond the first page', async () => {
  const chat = Array.from({ length: 130 }, (_, index) => ({
    ...{ id: index + 1, body: 'Nice!', created_at: '' },
    user: { login: 'octocat', type: 'User' },
  }));
  server.comments.set(7, chat);
  await tell(building);
  const [mine] = (server.comments.get(7) ?? []).slice(-1);
  if (mine !== undefined) server.comments.set(7, [...chat, mine, { ...mine, id: 132 }]);
  await tell(ready);
  const ours = (server.comments.get(7) ?? []).filter(({ user }) => user.login !== 'octocat');
  expect(ours).toMatchObject([{ id: 131, body: expect.stringContaining(url) }]);
});

test('runs that begin at once leave one comment', async () => {
  const commits = [one, two, '3'.repeat(40)];
  await Promise.all(commits.map((commit) => tell(building, { commit })));
  expect(bodies()).toHaveLength(1);
  expect(warnings).toEqual([]);
});

describe('what GitHub refuses is one warning:', () => {
  test('both, for a token that only reads', async () => {
    server.writes.clear();
    expect(await tell(building)).toEqual({
      announced: {},
      changes: ['POST issues/7/comments', 'POST deployments'],
    });
    expect(warnings).toEqual([
      expect.stringMatching(
        /comment on pull request #7, and answered 403: Resource not accessible by integration\n.*deployment.*403.*`pull-requests: write`/s,
      ),
    ]);
  });

  test('the deployment alone, and the comment is there', async () => {
    server.writes.delete('deployments');
    expect(await tell(ready)).toMatchObject({ announced: { comment: 1 } });
    expect(warnings).toHaveLength(1);
  });

  test('a token that is none', async () => {
    server.faults.push({ at: /./, status: 401, message: 'Bad credentials' });
    await tell(ready);
    expect(warnings).toEqual([expect.stringContaining('Bad credentials')]);
  });
});

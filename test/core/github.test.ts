import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GitHub, githubApi } from '../../src/io/github.ts';
import { type GitHubServer, githubServer } from '../runner/github-server.ts';

const head = '1'.repeat(40);

let server: GitHubServer;
let github: GitHub;

beforeEach(async () => {
  server = await githubServer();
  server.open({ number: 7, head });
  github = client();
});

afterEach(() => server[Symbol.asyncDispose]());

function client(token = server.token): GitHub {
  return githubApi({ repository: 'octo/shop', token, apiUrl: server.url, second: 1 });
}

describe('a pull request', () => {
  test('is open, with its head', async () => {
    expect(await github.pullRequest(7)).toEqual({ number: 7, open: true, head, fork: false });
  });

  test.for([
    ['closed', () => server.close(7), { open: false, fork: false }],
    ['of a fork', () => server.open({ number: 7, head, from: 'cat/shop' }), { open: true, fork: true }],
    ['of a fork that is gone', () => server.open({ number: 7, head, from: undefined }), { fork: true }],
  ] as const)('may be %s', async ([, change, told]) => {
    change();
    expect(await github.pullRequest(7)).toMatchObject(told);
  });

  test('that is not there is a failure with advice', async () => {
    await expect(github.pullRequest(8)).rejects.toMatchObject({
      failure: {
        code: 'GITHUB_REFUSED',
        what: expect.stringMatching(/^GitHub was asked about pull request #8, and answered 404: Not Found/),
      },
    });
    expect(server.calls).toEqual(['GET pulls/8']);
  });
});

describe('GitHub in trouble', () => {
  test.for([500, 502, 503])('%i is asked again', async (status) => {
    server.faults.push({ at: /pulls/, status, times: 2 });
    expect(await github.pullRequest(7)).toMatchObject({ open: true });
    expect(server.calls).toHaveLength(3);
  });

  test('is asked three times', async () => {
    server.faults.push({ at: /pulls/, status: 502 });
    await expect(github.pullRequest(7)).rejects.toMatchObject({
      failure: { why: expect.stringContaining('in trouble') },
    });
    expect(server.calls).toHaveLength(3);
  });

  test('that nobody reaches is told as such', async () => {
    await server[Symbol.asyncDispose]();
    await expect(github.pullRequest(7)).rejects.toMatchObject({
      failure: { what: expect.stringMatching(/gave no answer: .*ECONNREFUSED/) },
    });
    server = await githubServer();
  });
});

describe('GitHub’s limits', () => {
  const secondary = 'You have exceeded a secondary rate limit.';
  const spent = (inSeconds: number) => ({
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + inSeconds),
  });

  test.for([
    [403, secondary, { 'retry-after': '5' }],
    [429, secondary, { 'retry-after': '5' }],
    [403, 'API rate limit exceeded', spent(20)],
    [429, 'API rate limit exceeded', spent(20)],
  ] as const)('%i %s: it is waited for', async ([status, message, headers]) => {
    server.faults.push({ at: /pulls/, status, message, headers, times: 1 });
    expect(await github.pullRequest(7)).toMatchObject({ open: true });
    expect(server.calls).toHaveLength(2);
  });

  test.for([
    [403, secondary, { 'retry-after': '600' }],
    [429, 'API rate limit exceeded', spent(1800)],
  ] as const)('%i %s of many minutes: it is not', async ([status, message, headers]) => {
    server.faults.push({ at: /pulls/, status, message, headers });
    await expect(github.pullRequest(7)).rejects.toMatchObject({
      failure: { advice: expect.stringContaining('in some minutes') },
    });
    expect(server.calls).toHaveLength(1);
  });
});

test.for(['', 'another'])('the token %j is refused', async (token) => {
  await expect(client(token).self()).rejects.toMatchObject({ failure: { code: 'GITHUB_REFUSED' } });
});

test('it knows whose token it has, and asks that once', async () => {
  await github.self();
  expect(await github.self()).toBe('github-actions[bot]');
  expect(server.calls).toEqual(['POST graphql']);
});

test('a comment that is gone is deleted', async () => {
  await expect(github.deleteComment(4)).resolves.toBeUndefined();
});

test('of hundreds of deployments it reads the newest', async () => {
  const some = { ref: head, sha: head, task: 'deploy', created_at: '', statuses: [], payload: '' };
  const more = {
    environment: 'preview',
    description: '',
    transient_environment: true,
    production_environment: false,
  };
  for (let id = 1; id <= 730; id += 1) server.deployments.push({ id, ...some, ...more });
  const found = await github.deployments('preview');
  expect([found.length, found[0]?.id]).toEqual([500, 730]);
});

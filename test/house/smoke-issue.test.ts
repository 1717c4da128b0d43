import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Issue, type IssueServer, serveIssues } from './issue-server.ts';
import { performBeside, scriptOf } from './step-scripts.ts';

const title = 'Nightly: the stack does not keep what it promises';

let folder: string;
let server: IssueServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  mkdirSync(join(folder, 'checkout'));
  server = await serveIssues('t0ken');
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** A night that finds this broken; what it changed at GitHub. */
async function night(run: number, broken: string, token = 't0ken') {
  const before = server.changes.length;
  const { code, output } = await performBeside(scriptOf('smoke.yml', 'issue', 'issue'), {
    folder,
    env: {
      GH_TOKEN: token,
      API: server.url,
      TITLE: title,
      RUN: `https://github.com/octo/shop/actions/runs/${run}`,
      BROKEN: broken,
      GITHUB_SHA: '0123456789',
    },
  });
  return { code, output, changes: server.changes.slice(before) };
}
const table = '| broken | where |\n|---|---|\n| `redis.aof` It "survives" a restart. | ubuntu-24.04 |';

test('the one issue is not opened where nothing is broken', async () => {
  expect(await night(1, '')).toMatchObject({ code: 0, changes: [] });
});

test('the one issue is opened, stays one, is closed, and opened again', async () => {
  expect(await night(1, table)).toMatchObject({ code: 0, changes: ['POST issues'] });
  expect(server.issues).toMatchObject([{ title, labels: ['smoke'], state: 'open', comments: [] }]);
  expect(server.issues[0]?.body).toContain(
    `Commit 0123456, [run](https://github.com/octo/shop/actions/runs/1):\n\n${table}`,
  );

  const update = ['PATCH issues/1', 'POST issues/1/comments'];
  expect(await night(2, table)).toMatchObject({ code: 0, changes: update });
  expect(server.issues).toMatchObject([
    { state: 'open', comments: [expect.stringMatching(/^Still broken.*\/2\)/)] },
  ]);
  expect(server.issues[0]?.body).toContain('/runs/2):');

  expect(await night(3, '')).toMatchObject({ code: 0, changes: update.toReversed() });
  expect(server.issues).toMatchObject([{ state: 'closed', title }]);
  expect(server.issues[0]?.comments.at(-1)).toMatch(/^Every promise holds again.*\/3\)/);
  expect(await night(4, '')).toMatchObject({ code: 0, changes: [] });

  expect(await night(5, table)).toMatchObject({ code: 0, changes: update });
  expect(server.issues).toMatchObject([{ state: 'open' }]);
  expect(server.issues[0]?.comments.at(-1)).toMatch(/^Broken again.*\/5\)/);
});

test('the one issue is neither somebody else’s nor one about something else', async () => {
  const other = { number: 1, title, body: '', state: 'open', labels: ['smoke'], comments: [] } as const;
  const creator = 'github-actions[bot]';
  server.issues.push({ ...other, creator: 'octocat' });
  server.issues.push({ ...other, creator, number: 2, title: 'Another' });
  server.issues.push({ ...other, creator, number: 3, pull_request: {} });
  expect(await night(1, '')).toMatchObject({ code: 0, changes: [] });
  expect(await night(2, table)).toMatchObject({ code: 0, changes: ['POST issues'] });
  expect(server.issues).toHaveLength(4);
});

test('the job fails where GitHub refuses', async () => {
  const { code, changes } = await night(1, table, 'expired');
  expect({ code, changes }).toEqual({ code: 22, changes: [] });
});

test('the one issue stays it when somebody takes its label away', async () => {
  await night(1, table);
  server.issues[0] = { ...(server.issues[0] as Issue), labels: [] };
  expect((await night(2, table)).changes).toEqual(['PATCH issues/1', 'POST issues/1/comments']);
});

test('of two that somebody has left, the one that is open is renewed', async () => {
  await night(1, table);
  server.issues.push({ ...(server.issues[0] as Issue), number: 2, state: 'closed' });
  expect((await night(2, table)).changes).toEqual(['PATCH issues/1', 'POST issues/1/comments']);
  await night(3, '');
  expect((await night(4, table)).changes[0]).toBe('PATCH issues/2');
});

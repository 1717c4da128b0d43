import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownFiles } from '../house/checkout.ts';
import { type IssueServer, serveIssues } from '../house/issue-server.ts';
import { nameSelf, runAct } from '../runner/act.ts';

/**
 * The whole nightly workflow under act, as a run of main, with a server that plays GitHub's issues. The stack and its checks
 * are stood in for (smoke.test.ts has them for real), and so are the actions that keep artifacts.
 */
const [workflow = ''] = ownFiles('.github/workflows/smoke.yml').map(({ text }) => text);
const runners = ['ubuntu-24.04', 'ubuntu-26.04', 'ubuntu-24.04-arm', 'ubuntu-26.04-arm'];
const token = 'nobodys-token';

let root: string;
let server: IssueServer;
let repositories: Readonly<Record<string, string>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'infra-action-act-'));
  server = await serveIssues(token);
  const own = await standIn('infra-action', 'console.log("the stack is up")');
  await standIn('infra-action/smoke', checks);
  repositories = {
    'paklog/infra-action@v1': own,
    [used('upload-artifact')]: await standIn('upload', upload),
    [used('download-artifact')]: await standIn('download', download),
  };
});

afterAll(async () => {
  server.close();
  await rm(root, { recursive: true });
});

/** One promise, broken where the test says so. */
const checks = `
const { appendFileSync, mkdtempSync, writeFileSync } = require('node:fs');
const { BROKEN, GITHUB_OUTPUT, RUNNER_TEMP } = process.env;
const folder = mkdtempSync(RUNNER_TEMP + '/smoke-');
const check = { id: 'redis.aof', promise: 'It survives.', outcome: BROKEN === 'yes' ? 'failed' : 'passed' };
writeFileSync(folder + '/report.json', JSON.stringify({ took: 4000, checks: [check] }));
writeFileSync(folder + '/junit.xml', '<testsuites/>');
appendFileSync(GITHUB_OUTPUT, 'report=' + folder + '/report.json\\njunit=' + folder + '/junit.xml\\n');
process.exitCode = BROKEN === 'yes' ? 1 : 0;
`;
const upload = `
const { INPUT_NAME, INPUT_PATH, ARTIFACTS } = process.env;
require('node:fs').cpSync(INPUT_PATH, ARTIFACTS + '/' + INPUT_NAME, { recursive: true });
`;
const download = `
const { GITHUB_WORKSPACE, INPUT_PATH, ARTIFACTS } = process.env;
require('node:fs').cpSync(ARTIFACTS, GITHUB_WORKSPACE + '/' + INPUT_PATH, { recursive: true });
`;

async function standIn(name: string, main: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const names = ['services', 'name', 'path', 'pattern', 'overwrite'];
  const inputs = Object.fromEntries(names.map((input) => [input, { description: input }]));
  const runs = { using: 'node24', main: 'main.js' };
  await writeFile(join(folder, 'action.yml'), JSON.stringify({ name, description: name, inputs, runs }));
  await writeFile(join(folder, 'main.js'), main);
  return folder;
}

function used(action: string): string {
  return new RegExp(`actions/${action}@\\w+`).exec(workflow)?.[0] ?? '';
}

/** What act cannot have of GitHub: the API's address, a token, and which workflow of which branch runs. */
function asOf(branch: string): string {
  const replaced = {
    [`\${{ github.api_url }}/repos/\${{ github.repository }}`]: server.url,
    [`\${{ github.token }}`]: token,
    'github.workflow_ref': `'paklog/infra-action/.github/workflows/smoke.yml@refs/heads/${branch}'`,
  };
  return Object.entries(replaced).reduce(
    (text, [from, to]) => {
      expect(text.split(from)).toHaveLength(2);
      return text.replace(from, to);
    },
    nameSelf(workflow, 'paklog/infra-action', 'v1'),
  );
}

async function night(broken: 'yes' | 'no', branch = 'main') {
  const artifacts = await mkdtemp(join(root, 'artifacts-'));
  const before = server.changes.length;
  const { code, output } = await runAct({
    workflow: asOf(branch),
    repositories,
    event: { name: 'workflow_dispatch' },
    actionEnv: { BROKEN: broken, ARTIFACTS: artifacts },
  });
  return { code, output, changes: server.changes.slice(before) };
}

test('a broken night is red and opens one issue, which names the promise and every runner', {
  timeout: 300_000,
}, async () => {
  const { code, output, changes } = await night('yes');
  expect(code, output).toBe(1);
  expect(changes, output).toEqual(['POST issues']);
  for (const runner of runners) expect(output).toContain(`smoke on ${runner}`);
  expect(server.issues).toMatchObject([{ state: 'open', labels: ['smoke'] }]);
  const where = runners.join(', ');
  expect(server.issues[0]?.body).toContain(`| \`redis.aof\` It survives. | ${where} |`);
});

test('the next broken night opens no second one', { timeout: 300_000 }, async () => {
  const { code, output, changes } = await night('yes');
  expect(code, output).toBe(1);
  expect(changes).toEqual(['PATCH issues/1', 'POST issues/1/comments']);
  expect(server.issues).toHaveLength(1);
});

test('a night on which all is well is green and closes it', { timeout: 300_000 }, async () => {
  const { code, output, changes } = await night('no');
  expect(code, output).toBe(0);
  expect(changes).toEqual(['POST issues/1/comments', 'PATCH issues/1']);
  expect(server.issues).toMatchObject([{ state: 'closed' }]);
});

test('a run of another branch leaves issues alone', { timeout: 300_000 }, async () => {
  const { code, output, changes } = await night('yes', 'other');
  expect(code, output).toBe(1);
  expect(changes).toEqual([]);
});

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameSelf, runAct } from '../runner/act.ts';
import { fixture } from '../runner/fixtures/scripted.ts';

const path = '.github/workflows/preview.yml';
const source = fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A repository with the workflow, and with an action that prints its inputs instead of bringing a preview up. */
let copy: string;
let repositories: Readonly<Record<string, string>>;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'infra-action-'));
  const text = nameSelf(await readFile(source, 'utf8'), 'paklog/infra-action', 'v1');
  await cp(fixture('told'), join(copy, 'preview'), { recursive: true });
  await mkdir(dirname(join(copy, path)), { recursive: true });
  await writeFile(join(copy, path), text);
  // act's own checkout knows no `ref`.
  const others = [...text.matchAll(/uses: ([\w-]+\/[\w-]+@[0-9a-f]{40})/g)].map(([, uses = '']) => uses);
  const told = Object.fromEntries(others.map((uses) => [uses, fixture('told')]));
  repositories = { ...told, 'paklog/infra-action@v1': copy };
});

afterAll(() => rm(copy, { recursive: true, force: true }));

type Given = Readonly<Record<string, unknown>>;

const commit = '1'.repeat(40);
const required = { 'compose-files': 'preview.compose.yaml', expose: 'web:8080' };

/** A pull request of `octo/shop` as its events have it. */
function pullRequest(action: string, { from = 'octo/shop', author = 'octocat' } = {}): Given {
  const head = { sha: commit, repo: { full_name: from } };
  return { action, pull_request: { number: 7, head, user: { login: author } } };
}

/** Calls the workflow in a run of the event, and tells the state in a job after it. */
async function call(event: string, payload: Given, given: Given = {}, secrets: Given = {}) {
  const uses = 'paklog/infra-action/.github/workflows/preview.yml@v1';
  const preview = { uses, with: { 'runs-on': 'ubuntu-latest', ...required, ...given }, secrets };
  const env = { STATE: `$\{{ needs.preview.outputs.state }}` };
  const after = { needs: 'preview', 'runs-on': 'ubuntu-latest' };
  const steps = [{ shell: 'bash', env, run: 'echo "state: $STATE."' }];
  return runAct({
    workflow: JSON.stringify({ name: 'Preview', on: event, jobs: { preview, after: { ...after, steps } } }),
    repositories,
    event: { name: event, payload },
  });
}

/** The steps of the workflow that ran, posts left out. */
function ran(output: string): string[] {
  const own = [...output.matchAll(/^\[preview\/.* Run Main (.*)$/gm)];
  return own.map(([, name = '']) => name.trim());
}

/** The inputs that a step was given, without the defaults of `told` and what is empty. */
function inputsOf(step: string, output: string): Given {
  const [, json = '{}'] = new RegExp(` Run Main ${step}\n(?:.*\n)?.*\\| inputs (.*)`).exec(output) ?? [];
  const own = /^INPUT_(STATUS|MATRIX|EVENT|OS|PERSIST-CREDENTIALS)$/;
  const given = Object.entries(JSON.parse(json) as Readonly<Record<string, string>>).filter(
    ([name, value]) => !own.test(name) && value !== '' && !value.startsWith('octo/shop '),
  );
  return Object.fromEntries(given.map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value]));
}

const bring = 'Bring the preview up or down';
const defaults = {
  ...{ command: 'auto', services: 'none', place: 'engine', ports: '20000-29999', proxy: 'none' },
  ...{ 'proxy-scheme': 'https', 'swarm-routing': 'mesh', ttl: '3d', timeout: '10m', comment: 'true' },
  environment: 'preview-pr-{number}',
};

test('a push: its commit is checked out, and the action has the defaults', { timeout: 300_000 }, async () => {
  const { code, output } = await call('pull_request', pullRequest('synchronize'), {}, { token: 't0ken' });
  expect(code, output).toBe(0);
  expect(ran(output)).toEqual(['Check what is given', 'Check out', 'Set up the way to the host', bring]);
  expect(inputsOf('Check out', output)).toMatchObject({ ref: commit });
  expect(inputsOf(bring, output)).toEqual({ ...required, ...defaults, token: 't0ken' });
});

test('a close: nothing is checked out', { timeout: 300_000 }, async () => {
  const { code, output } = await call('pull_request', pullRequest('closed'));
  expect(code, output).toBe(0);
  expect(ran(output)).toEqual(['Check what is given', 'Set up the way to the host', bring]);
});

const passedOn = {
  ...{
    services: 'kafka, redis',
    images: 'a: b:1',
    place: 'swarm',
    'docker-host': 'tcp://a:2376',
    host: 'a.example.com',
  },
  ...{
    'bind-address': '10.0.0.1',
    ports: '3000-3999',
    proxy: 'caddy',
    domain: 'example.com',
    'proxy-network': 'web',
  },
  ...{ 'proxy-scheme': 'http', 'swarm-routing': 'host', registry: 'ghcr.io/acme', ttl: '1h', timeout: '2m' },
  ...{ command: 'up', 'pull-request': '9', commit: '2'.repeat(40), environment: 'staging' },
};

test('a start by hand: everything that is given reaches its step, and keys are forgotten', {
  timeout: 300_000,
}, async () => {
  const secrets = {
    ...{ 'tls-ca': 'ca-1', 'tls-cert': 'cert-1', 'tls-key': 'key-1', env: 'A=for-no-eyes' },
    ...{ 'registry-username': 'octo', 'registry-password': 'cat' },
  };
  const given = { ...passedOn, comment: false, submodules: 'true', 'docker-context': 'b' };
  const { code, output } = await call('workflow_dispatch', {}, given, secrets);
  expect(code, output).toBe(0);
  expect(inputsOf('Check out', output)).toEqual({ ref: passedOn.commit, submodules: 'true' });
  const login = { registry: 'ghcr.io', username: 'octo', password: 'cat' };
  expect(inputsOf('Log in to the registry', output)).toEqual(login);
  const all = { ...required, ...passedOn, comment: 'false', 'docker-context': 'b' };
  expect(inputsOf(bring, output)).toEqual(all);
  expect(ran(output).slice(-2)).toEqual([bring, 'Forget the keys']);
});

test('the schedule: the action alone', { timeout: 300_000 }, async () => {
  const { code, output } = await call('schedule', {});
  expect(code, output).toBe(0);
  expect(ran(output)).toEqual(['Check what is given', 'Set up the way to the host', bring]);
  expect(inputsOf(bring, output)).toEqual({ ...required, ...defaults });
});

test.for([
  ['a fork', { from: 'cat/shop' }],
  ['Dependabot', { author: 'dependabot[bot]' }],
] as const)(
  'a pull request of %s is skipped, and told how it could have one',
  {
    timeout: 300_000,
  },
  async ([, who]) => {
    const { code, output } = await call('pull_request', pullRequest('opened', who));
    expect(code, output).toBe(0);
    expect(ran(output)).toEqual(['Say why']);
    expect(output).toContain(`pull-request 7 and commit ${commit}`);
    expect(output).toContain('| state: skipped.');
  },
);

test.for(['pull_request_target', 'issue_comment'])(
  '%s is refused, and nothing is checked out',
  {
    timeout: 300_000,
  },
  async (event) => {
    const { code, output } = await call(event, pullRequest('opened'));
    expect(code, output).toBe(1);
    expect(ran(output)).toEqual(['Say why']);
    expect(output).toContain(`on ${event} that code would have the rights`);
  },
);

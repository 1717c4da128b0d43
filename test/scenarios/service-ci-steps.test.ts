import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAct } from '../runner/act.ts';
import { copyTold, repositories } from './downstream.ts';

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'infra-action-'));
  await copyTold(copy);
});

afterAll(() => rm(copy, { recursive: true, force: true }));

type Given = Readonly<Record<string, unknown>>;

/** Calls the workflow, alone or with a job after it. */
async function call(
  given: Given,
  more: Given = {},
  { event = 'push', after }: { event?: string; after?: Given } = {},
) {
  const uses = 'paklog/infra-action/.github/workflows/service-ci.yml@v1';
  const verify = { uses, with: { 'runs-on': 'ubuntu-latest', ...given }, ...more };
  const later = { needs: 'verify', 'runs-on': 'ubuntu-latest', ...after };
  const jobs = { verify, ...(after === undefined ? {} : { after: later }) };
  return runAct({
    workflow: JSON.stringify({ name: 'CI', on: event, jobs }),
    files: { 'services/shop/a.txt': 'from the checkout' },
    repositories: await repositories(copy),
    event: { name: event },
  });
}

/** The steps that ran, posts left out. */
function ran(output: string): string[] {
  return [...output.matchAll(/ Run Main (.*)$/gm)].map(([, name = '']) => name);
}

/** The inputs that a step was given, without the defaults of `told`. */
function inputsOf(step: string, output: string): Given {
  const [, json = '{}'] = new RegExp(` Run Main ${step}\n(?:.*\n)?.*\\| inputs (.*)`).exec(output) ?? [];
  const own = /^INPUT_(STATUS|MATRIX|EVENT|OS|PLACE)$/;
  const entries = Object.entries(JSON.parse(json) as Given).filter(([name]) => !own.test(name));
  return Object.fromEntries(
    entries.map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value]),
  );
}

const everywhere = ['Check names and secrets', 'Check out', 'Bring the stack up', 'Run the command'];

test('a command alone: no Java, no Node.js, no login', { timeout: 300_000 }, async () => {
  const { code, output } = await call({ run: 'cat services/shop/a.txt' });
  expect(code, output).toBe(0);
  expect(ran(output)).toEqual(everywhere);
  expect(output).toContain('| from the checkout');
});

/** Inputs that go to the action under their own names. */
const passedOn = {
  services: 'redis',
  'compose-files': 'a.yml\nb.yml',
  images: 'mongodb: mongo:8.0',
  'registry-mirror': 'ghcr.io/acme/mirror',
  cache: 'read-only',
  jvm: 'throughput',
  'export-env': 'otel',
  'kafka-topics': 'a:3',
  'mongodb-init': 'a.js',
  'mongodb-replica-set': 'true',
  'pinot-tables': 's.json\nt.json',
  'prometheus-targets': 'a=b:1/c',
  'grafana-dashboards': 'd.json',
  ports: 'dynamic',
  logs: 'always',
  'logs-artifact': 'mine',
  'logs-retention-days': '3',
};
const java = { 'java-version': '21', 'java-distribution': 'zulu', 'java-cache': 'gradle' };
const node = { 'node-version': '24', 'node-cache': '' };
const renamed = { 'stack-timeout': '90s', reports: 'a/**' };

test('everything that is given reaches its step', { timeout: 300_000 }, async () => {
  const given = {
    ...passedOn,
    ...java,
    ...node,
    ...renamed,
    'mongodb-replica-set': true,
    registry: 'ghcr.io',
  };
  const secrets = { 'registry-username': 'octo', 'registry-password': 'cat' };
  const { code, output } = await call({ run: 'true', ...given }, { secrets });
  expect(code, output).toBe(0);
  expect([inputsOf('Set up Java', output), inputsOf('Set up Node.js', output)]).toEqual([
    { 'java-version': '21', distribution: 'zulu', cache: 'gradle' },
    { 'node-version': '24', cache: '', 'package-manager-cache': 'false' },
  ]);
  const login = { registry: 'ghcr.io', username: 'octo', password: 'cat' };
  expect(inputsOf('Log in to the registry', output)).toEqual(login);
  const stack = { ...passedOn, timeout: '90s', 'logs-include': 'a/**' };
  expect(inputsOf('Bring the stack up', output)).toEqual(stack);
});

test('the command has its folder, its names and its secret, which is masked', {
  timeout: 300_000,
}, async () => {
  const run = 'echo "$(cat a.txt): $TITLE, $TOKEN"';
  const given = { run, 'working-directory': 'services/shop', env: 'TITLE=a "b" $(c)\n' };
  const { code, output } = await call(given, { secrets: { env: 'TOKEN=for-no-eyes-4711' } });
  expect(code, output).toBe(0);
  expect(output).toContain('| from the checkout: a "b" $(c), ***');
  expect(output).not.toContain('for-no-eyes-4711');
});

test('what the command wrote as outputs comes back as one', { timeout: 300_000 }, async () => {
  const env = { OUTPUTS: `$\{{ needs.verify.outputs.outputs }}` };
  const after = { steps: [{ shell: 'bash', env, run: 'echo "heard $(tr -d "[:space:]" <<<"$OUTPUTS")"' }] };
  const { code, output } = await call({ run: 'printf "%s\\n" a=1 b=2 >>"$GITHUB_OUTPUT"' }, {}, { after });
  expect(code, output).toBe(0);
  expect(output).toContain('| heard {"a":"1","b":"2"}');
});

test.for([
  [
    'on pull_request_target',
    {},
    'pull_request_target',
    'on pull_request_target that code would have the rights',
  ],
  ['with names that are none', { env: 'A' }, 'push', 'Line 1 of the input env is not NAME=value.'],
] as const)('%s nothing is checked out or started', { timeout: 300_000 }, async ([, given, event, said]) => {
  const { code, output } = await call({ run: 'true', ...given }, {}, { event });
  expect(code, output).toBe(1);
  expect(output).toContain(said);
  expect(ran(output)).not.toContain('Check out');
  expect(ran(output)).not.toContain('Bring the stack up');
});

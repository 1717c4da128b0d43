import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { copyCheckout, runAct, standIns } from '../runner/act.ts';
import { leaksOf } from '../runner/leaks.ts';
import { repository } from './caller-stack.ts';
import { stackImage } from './callers-files.ts';
import { docker } from './docker-cli.ts';
import { documented } from './documented.ts';
import { repositories } from './downstream.ts';
import { shop } from './shop.ts';

// README.md from top to bottom, as somebody does who copies its examples into a repository of a service.

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'infra-action-'));
  await copyCheckout(copy);
}, 300_000);

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Pushes the workflow to the shop and runs it; nothing may be left. */
async function push(workflow: string): Promise<string> {
  const leaks = await leaksOf();
  const { code, output, orphans } = await runAct({
    workflow,
    files: shop,
    repositories: { ...standIns(workflow), ...(await repositories(copy)) },
  });
  expect(code, output).toBe(0);
  expect([...(await leaks()), ...orphans], output).toEqual([]);
  return output;
}

const found = /\| the build found localhost:9092, localhost:27017\/\S+ and localhost:6379$/m;

test.for(['README.md: infra-action', 'README.md: Service CI'])(
  '%s: the build finds its systems, and nothing is left',
  { timeout: 300_000 },
  async (name) => {
    expect(await push(documented(name).text)).toMatch(found);
  },
);

test('`make demo` brings up what it is asked for, uses it, and takes it down', {
  timeout: 300_000,
}, async () => {
  expect(documented('README.md: Developing').text).toMatch(/^make demo .*SERVICES=all/);
  const leaks = await leaksOf();
  // Make says which folder it leaves where another make has started it, as in `make test`.
  const args = ['--no-print-directory', 'demo', 'SERVICES=redis'];
  const { stdout } = await promisify(execFile)('make', args, { cwd: repository });
  expect(stdout).toMatch(/Redis at redis:\/\/localhost:6379: SET order:1 packed, GET order:1 -> packed/);
  expect(stdout).toMatch(/The job ended with success; left behind: 0 files and processes\.\n$/);
  expect(await leaks()).toEqual([]);
});

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const stepsOf = (name: string) => parse(documented(name).text) as readonly Step[];

/** An image of the caller's own that uses the addresses that containers have. */
async function buildMyImage(): Promise<void> {
  const command = 'redis-cli -u "$REDIS_URL" ping && env';
  const made = await docker(['create', stackImage('redis')]);
  const change = `CMD ${JSON.stringify(['sh', '-c', command])}`;
  const built = await docker(['commit', '--change', change, made.stdout, 'my-image']);
  await docker(['rm', '--volumes', made.stdout]);
  expect(built.code, built.output).toBe(0);
}

test('its steps on one stack: it begins with files, is used from a container, is kept, and goes', {
  timeout: 300_000,
}, async () => {
  await buildMyImage();
  const [, ...after] = stepsOf('README.md: Environment');
  const [begin] = stepsOf('README.md: What the systems begin with');
  const [down] = stepsOf('README.md: A stack that stays');
  const kept = { teardown: 'never', 'project-name': down?.with?.['project-name'] };
  const stack = { ...begin, id: 'infra', with: { ...begin?.with, ...kept } };
  const steps = [{ uses: 'actions/checkout@v7' }, stack, ...after, down];
  try {
    const output = await push(
      stringify({ name: 'CI', on: 'push', jobs: { a: { 'runs-on': 'ubuntu-24.04', steps } } }),
    );
    for (const line of ['PONG', 'REDIS_HOST=redis', 'OTLP_HTTP_ENDPOINT=http://tempo:4318'])
      expect(output).toContain(`| ${line}\n`);
  } finally {
    await docker(['compose', '--project-name', String(kept['project-name']), 'down', '--volumes']);
    await docker(['rmi', 'my-image']);
  }
});

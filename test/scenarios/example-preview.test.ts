import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { standIn } from '../images/standins.ts';
import { githubServer } from '../runner/github-server.ts';
import { leaksOf } from '../runner/leaks.ts';
import { visit } from '../runner/preview-app.ts';
import { happen, heads, outputOf } from '../runner/preview-events.ts';
import { repository } from './caller-stack.ts';
import { stackImage } from './callers-files.ts';
import { docker } from './docker.ts';

const folder = join(repository, 'examples/preview');
const textOf = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

/** What is built, as the pull request would have it checked out. */
async function checkout(): Promise<Readonly<Record<string, string>>> {
  const paths = ['compose.yaml', 'Dockerfile', 'package.json', 'server.js'];
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await textOf(path)])));
}

/** What the example's workflow hands over, but for the host: the engine here takes its place. */
async function inputs(): Promise<Record<string, string>> {
  const { jobs } = parse(await textOf('.github/workflows/preview.yml'));
  const { 'docker-host': _, ...given } = jobs.preview.with;
  return given;
}

/** Where images cannot be pulled, one of this machine's Node.js takes the place of the published one. */
async function nodeImage(): Promise<Readonly<Record<string, string>>> {
  const base = stackImage('kafka');
  if (standIn(base) === 'published') return {};
  const context = await mkdtemp(join(tmpdir(), 'infra-action-'));
  try {
    await copyFile(process.execPath, join(context, 'node'));
    await writeFile(join(context, 'Dockerfile'), `FROM ${base}\nCOPY node /usr/local/bin/\nENTRYPOINT []\n`);
    await docker('build', '--quiet', '--tag', 'example-node:24', context);
  } finally {
    await rm(context, { recursive: true });
  }
  return { NODE_IMAGE: 'example-node:24' };
}

test('the preview of examples/ counts its visitors, also after a push, until it is closed', {
  timeout: 300_000,
}, async () => {
  const env = await nodeImage();
  const leaks = await leaksOf();
  await using github = await githubServer();
  const about = { files: await checkout(), with: await inputs(), env };
  github.open({ number: 7, head: heads[0] });
  const opened = await happen(github, { ...about, action: 'opened' });
  expect(opened.conclusion, opened.text).toBe('success');
  const url = outputOf(opened, 'url');
  expect(await visit(url)).toBe('Hello! You are visitor 1 of this preview.\n');

  github.open({ number: 7, head: heads[1] });
  const pushed = await happen(github, { ...about, action: 'synchronize' });
  expect(outputOf(pushed, 'url'), pushed.text).toBe(url);
  expect(await visit(url)).toBe('Hello! You are visitor 2 of this preview.\n');

  github.close(7);
  const closed = await happen(github, { ...about, action: 'closed' });
  expect(closed.conclusion, closed.text).toBe('success');
  await github[Symbol.asyncDispose]();
  expect(await leaks(), closed.text).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyCheckout, runAct } from '../runner/act.ts';
import { fixture } from '../runner/fixtures/scripted.ts';
import type { GitHubServer } from '../runner/github-server.ts';

const file = fileURLToPath(new URL('./downstream/.github/workflows/preview.yml', import.meta.url));
const workflow = readFileSync(file, 'utf8');

/** What actions/checkout does with a `ref`, which act's own does not know: the commit, from a repository of this machine. */
const checkout = `
const { execFileSync } = require('node:child_process');
const { GITHUB_WORKSPACE: cwd, ORIGIN, INPUT_REF } = process.env;
const git = (...argv) => execFileSync('git', argv, { cwd, stdio: 'inherit' });
git('init', '--quiet');
git('fetch', '--quiet', '--depth=1', ORIGIN, INPUT_REF);
git('checkout', '--quiet', '--force', 'FETCH_HEAD');
`;

/** A service's repository that has previews: it, and what act finds under the names of others. */
export interface Downstream extends AsyncDisposable {
  /** A commit of these files alone; its name. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  /** What its workflow does when this happens. */
  happen(
    github: GitHubServer,
    name: string,
    payload: unknown,
  ): Promise<{ readonly code: number | undefined; readonly output: string }>;
}

export async function downstream(): Promise<Downstream> {
  const root = await mkdtemp(join(tmpdir(), 'infra-action-'));
  const [copy, origin, stand] = [join(root, 'copy'), join(root, 'origin'), join(root, 'checkout')];
  await copyCheckout(copy);
  await cp(fixture('stand-in'), stand, { recursive: true });
  await writeFile(join(stand, 'main.js'), checkout);
  execFileSync('git', ['init', '--quiet', origin]);
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const text = await readFile(join(copy, '.github/workflows/preview.yml'), 'utf8');
  const others = [...text.matchAll(/uses: ([\w-]+\/[\w-]+@[0-9a-f]{40})/g)].map(([, uses = '']) => uses);
  const named = others.map(
    (uses) => [uses, uses.includes('checkout') ? stand : fixture('stand-in')] as const,
  );
  const repositories = { ...Object.fromEntries(named), 'paklog/infra-action@v1': copy };
  return {
    commit: (files) => commitOf(origin, files),
    happen: ({ url }, name, payload) =>
      runAct({
        workflow,
        repositories,
        event: { name, payload },
        actionEnv: { GITHUB_API_URL: url, ORIGIN: origin },
      }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function commitOf(origin: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(origin, path)), { recursive: true });
    await writeFile(join(origin, path), text);
  }
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', '--message=Change');
  return git(origin, 'rev-parse', 'HEAD');
}

function git(folder: string, ...argv: readonly string[]): string {
  const person = [
    '-c',
    'user.name=Octo Cat',
    '-c',
    'user.email=octocat@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', [...person, ...argv], { cwd: folder, encoding: 'utf8' }).trim();
}

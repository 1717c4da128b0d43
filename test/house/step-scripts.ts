import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readPairs } from '../runner/file-commands.ts';
import { ownFiles } from './checkout.ts';
import { readWorkflow } from './workflow-policy.ts';

/** The script of a step of one of our workflows, by its job and id. */
export function scriptOf(workflow: string, job: string, id: string): string {
  const [file] = ownFiles(`.github/workflows/${workflow}`);
  const steps = file === undefined ? [] : readWorkflow(file).jobs[job]?.steps;
  const script = steps?.find((step) => step.id === id)?.run;
  if (script === undefined) throw new Error(`${workflow} has no script ${id} in ${job}`);
  return script;
}

/** What a step works with: a folder of its own, and programs that stand for those of the runner. */
export interface Bench {
  readonly folder: string;
  /** Bash, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script in the folder `checkout` of the bench as the runner runs `shell: bash`. */
export function perform(script: string, bench: Bench) {
  const { argv, options, outputs } = prepare(script, bench);
  const { status, stdout, stderr } = spawnSync('bash', argv, options);
  return { code: status, output: stdout + stderr, outputs: outputs() };
}

/** The same for a script that asks a server of this process. */
export function performBeside(script: string, bench: Bench): Promise<ReturnType<typeof perform>> {
  const { argv, options, outputs } = prepare(script, bench);
  return new Promise((resolve) => {
    const child = execFile('bash', argv, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr, outputs: outputs() }),
    );
  });
}

function prepare(script: string, { folder, programs = {}, env = {} }: Bench) {
  const [file, outputs, bin] = [join(folder, 'script.sh'), join(folder, 'outputs'), join(folder, 'bin')];
  writeFileSync(file, script);
  writeFileSync(outputs, '');
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const written = (): Readonly<Record<string, string>> =>
    Object.fromEntries(readPairs(readFileSync(outputs, 'utf8')));
  const options = {
    cwd: join(folder, 'checkout'),
    env: {
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GITHUB_OUTPUT: outputs,
      ...env,
    },
    encoding: 'utf8',
  } as const;
  return { argv: ['--noprofile', '--norc', '-eo', 'pipefail', file], options, outputs: written };
}

/** Runs git in a folder, for what a test has to have there; its output. */
export function git(folder: string, ...argv: readonly string[]): string {
  const person = [
    '-c',
    'user.name=Octo Cat',
    '-c',
    'user.email=octocat@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  const { status, stdout, stderr } = spawnSync('git', [...person, ...argv], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`git ${argv.join(' ')}: ${stderr}`);
  return stdout.trim();
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPairs } from '../runner/file-commands.ts';
import { ownFiles } from './checkout.ts';
import { readWorkflow } from './workflow-policy.ts';

const [file] = ownFiles('.github/workflows/service-ci.yml').map(readWorkflow);
const steps = file?.jobs['service']?.steps ?? [];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script of a step as the runner runs `shell: bash`. */
function perform(id: string, env: Readonly<Record<string, string>>) {
  const script = join(folder, 'script.sh');
  const outputs = join(folder, 'outputs');
  writeFileSync(script, steps.find((step) => step.id === id)?.run ?? 'exit 99');
  writeFileSync(outputs, '');
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], GITHUB_OUTPUT: outputs, ...env },
    encoding: 'utf8',
  });
  const written: Readonly<Record<string, string>> = Object.fromEntries(
    readPairs(readFileSync(outputs, 'utf8')),
  );
  return { code: status, lines: stdout.split('\n').slice(0, -1), stderr, outputs: written };
}

const nothing = { PLAIN: '', SECRET: '', REGISTRY: '', USERNAME: '', PASSWORD: '' };

describe('what is given', () => {
  test('nothing at all is fine', () => {
    expect(perform('given', nothing)).toEqual({ code: 0, lines: [], stderr: '', outputs: { secrets: '' } });
  });

  test('names, comments and blank lines', () => {
    const PLAIN = 'A=1\n# B\n\n  # C\nMY_NAME2=a=b "c" $(d)\nEMPTY=\nGITHUB_TOKEN=x\n';
    expect(perform('given', { ...nothing, PLAIN })).toMatchObject({
      code: 0,
      lines: [],
      outputs: { secrets: '' },
    });
  });

  test('secrets are masked, each by itself, and told to the action', () => {
    const SECRET = 'TOKEN=s3cr3t=%0A\nEMPTY=\nOTHER= two words\n';
    expect(perform('given', { ...nothing, PLAIN: 'A=1', SECRET })).toMatchObject({
      code: 0,
      lines: ['::add-mask::s3cr3t=%250A', '::add-mask:: two words'],
      outputs: { secrets: 's3cr3t=%0A\n\n two words' },
    });
  });

  test.for(['B', ' B=1', '1B=1', 'B-C=1', '=1', 'export B=1'])('%j is no name and value', (line) => {
    const refused = (kind: string) =>
      `::error title=service-ci::Line 2 of the ${kind} env is not NAME=value.`;
    expect(perform('given', { ...nothing, PLAIN: `A=1\n${line}` })).toMatchObject({
      code: 1,
      lines: [refused('input')],
    });
    expect(perform('given', { ...nothing, SECRET: `A=1\n${line}` })).toMatchObject({
      code: 1,
      lines: [refused('secret')],
    });
  });

  test.for([
    'GITHUB_OUTPUT',
    'GITHUB_PATH',
    'RUNNER_TEMP',
    'ACTIONS_RUNTIME_TOKEN',
    'LD_PRELOAD',
    'BASH_ENV',
    'ENV',
    'PATH',
    'NODE_OPTIONS',
  ])('%s is not for callers to set', (name) => {
    const { code, lines } = perform('given', { ...nothing, PLAIN: `TITLE=a\n${name}=b` });
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [`::error title=service-ci::The input env may not set ${name}; the command itself may.`],
    });
  });

  test('a registry with its secrets is logged in to', () => {
    const all = { ...nothing, REGISTRY: 'docker.io', USERNAME: 'me', PASSWORD: 'token' };
    expect(perform('given', all)).toMatchObject({ code: 0, lines: [], outputs: { login: 'true' } });
  });

  test.for([{ USERNAME: '' }, { PASSWORD: '' }])('a registry with %j is not, and that is said', (missing) => {
    const { code, lines, outputs } = perform('given', {
      ...nothing,
      REGISTRY: 'docker.io',
      USERNAME: 'me',
      PASSWORD: 'token',
      ...missing,
    });
    expect(code).toBe(0);
    expect(lines).toEqual([expect.stringContaining('::notice title=service-ci::No login to docker.io')]);
    expect(outputs).not.toHaveProperty('login');
  });
});

describe('the command', () => {
  const given = { SERVICE_CI_RUN: '', SERVICE_CI_ENV: '', SERVICE_CI_SECRETS: '' };

  test('has the names, word for word, and none of the workflow’s own', () => {
    const { lines } = perform('command', {
      SERVICE_CI_RUN: 'printf "%s|" "$A" "$B" "$SECRET"; env | grep -cE "^SERVICE_CI_" || true',
      SERVICE_CI_ENV: '# A=0\nA="1" $(2)\n\nB= b ',
      SERVICE_CI_SECRETS: 'SECRET=c=c\n',
    });
    expect(lines).toEqual(['"1" $(2)| b |c=c|0']);
  });

  test('may be a script of several lines', () => {
    const found = perform('command', {
      ...given,
      SERVICE_CI_RUN: 'for each in 1 2; do\n  echo "$each"\ndone\n',
    });
    expect(found).toMatchObject({ code: 0, lines: ['1', '2'] });
  });

  test.for([
    ['a command that fails', 'exit 7', 7],
    ['a pipe that fails', 'false | cat\nexit 0', 1],
    ['a name that is not set', 'echo "$NOT_SET"\nexit 0', 1],
    ['all well', 'true', 0],
  ] as const)('%s', ([, command, code]) => {
    expect(perform('command', { ...given, SERVICE_CI_RUN: command }).code).toBe(code);
  });

  test('writes outputs', () => {
    const found = perform('command', { ...given, SERVICE_CI_RUN: 'echo "coverage=81" >>"$GITHUB_OUTPUT"' });
    expect(found.outputs).toEqual({ coverage: '81' });
  });

  test('takes the place of the step’s shell, so that a cancellation reaches it', () => {
    const { lines } = perform('command', { ...given, SERVICE_CI_RUN: 'echo $PPID' });
    expect(lines).toEqual([String(process.pid)]);
  });
});

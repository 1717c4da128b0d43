import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ownFiles, root } from '../house/checkout.ts';
import { runAct, standIns } from '../runner/act.ts';

/** The whole release workflow in a repository that is a copy of this one, up to the upload: `gh` only writes down what it is asked. */
const [workflow = ''] = ownFiles('.github/workflows/release.yml').map(({ text }) => text);
const files = Object.fromEntries(
  ownFiles('src', 'smoke', 'scripts', 'dist', 'action.yml', 'package*.json', 'tsconfig*.json').map(
    ({ path, text }) => [path, text],
  ),
);
const { version } = JSON.parse(files['package.json'] ?? '{}') as { version: string };

const path = process.env['PATH'];
let bin: string;

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'infra-action-'));
  process.env['PATH'] = `${bin}${delimiter}${path}`;
  const programs = {
    gh: `printf '%s ' "$@" >>"${bin}/asked"; echo >>"${bin}/asked"
case "$1 $2" in 'run list') echo 1 ;; 'release view') exit 1 ;; esac`,
    // What package-lock.json names is here already. No symbolic link: where modules are is in the names that dist/ gives them.
    // The repository's files are texts but one.
    npm: `[[ $1 == ci ]] && { cp -al "${root}/node_modules" . 2>/dev/null || cp -a "${root}/node_modules" .; } &&
cp "${root}/dist/smoke/native.wasm" dist/smoke/`,
  };
  await mkdir(bin, { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/bash\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
});

beforeEach(() => rm(join(bin, 'asked'), { force: true }));

afterAll(async () => {
  process.env['PATH'] = path;
  await rm(bin, { recursive: true });
});

function release(asked: string) {
  return runAct({
    workflow,
    files,
    repositories: standIns(workflow),
    event: { name: 'workflow_dispatch', payload: { inputs: { version: asked } } },
  });
}

const asked = (): Promise<string> => readFile(join(bin, 'asked'), 'utf8').catch(() => '');

test('a release is checked, packed, attested and drafted', { timeout: 600_000 }, async () => {
  const { code, output } = await release(version);
  expect(code, output).toBe(0);
  expect(output).toContain(`| v${version} may be released.`);
  expect(output).toContain('| dist/ is up to date and loads under Node v24');
  expect(output).toMatch(new RegExp(`\\| [0-9a-f]{64} {2}infra-action-${version}\\.tar\\.gz`));
  expect(output).toMatch(
    new RegExp(`stand-in for actions/attest .*infra-action-${version}\\.tar\\.gz\\\\ndist/\\*\\*/\\*\\.js`),
  );
  expect(await asked()).toMatch(
    new RegExp(
      `release create v${version} infra-action-${version}\\.tar\\.gz --draft --target [0-9a-f]{40} --title v${version} `,
    ),
  );
});

test('a version that package.json does not have is refused first', { timeout: 600_000 }, async () => {
  const { code, output } = await release('99.0.0');
  expect(code).toBe(1);
  expect(output).toContain('Failure - Main The version is right and new');
  // act itself asks for a token.
  expect(await asked()).not.toMatch(/^(run|release) /m);
});

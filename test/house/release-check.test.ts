import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './checkout.ts';
import { git } from './step-scripts.ts';

let folder: string;

/** A repository whose package.json has a version, and which has released these. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  git(folder, 'init', '--quiet', '--initial-branch=main');
  mkdirSync(join(folder, 'scripts'));
  copyFileSync(join(root, 'scripts/check-release.sh'), join(folder, 'scripts/check-release.sh'));
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=Start');
});

afterEach(() => rmSync(folder, { recursive: true }));

function check(version: string, packageVersion: string, tags: readonly string[], ref = 'refs/heads/main') {
  const manifest = { name: 'infra-action', version: packageVersion, dependencies: { version: '9.9.9' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  for (const tag of tags) git(folder, 'tag', tag);
  const { status, stdout, stderr } = spawnSync(join(folder, 'scripts/check-release.sh'), [version], {
    cwd: folder,
    env: { PATH: process.env['PATH'], GITHUB_REF: ref },
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

test.for<[string, readonly string[], string]>([
  ['0.1.0', [], 'v0.1.0 may be released.'],
  ['1.4.0', ['v1.3.9', 'v1', 'preview'], 'v1.4.0 may be released after v1.3.9.'],
  ['1.10.0', ['v1.9.1', 'v1.2.10'], 'v1.10.0 may be released after v1.9.1.'],
  ['2.0.0', ['v1.10.0'], 'v2.0.0 may be released after v1.10.0.'],
])('%s after %j', ([version, tags, said]) => {
  expect(check(version, version, tags)).toEqual({ code: 0, output: `${said}\n` });
});

test.for<[string, string, readonly string[], string]>([
  ['v1.4.0', 'v1.4.0', [], '"v1.4.0" is no version such as 1.4.0'],
  ['1.4', '1.4', [], '"1.4" is no version'],
  ['1.4.0-rc.1', '1.4.0-rc.1', [], 'is no version'],
  ['01.4.0', '01.4.0', [], 'is no version'],
  ['1.4.0; touch x', '1.4.0', [], 'is no version'],
  ['1.4.0\n1.4.1', '1.4.0', [], 'is no version'],
  ['', '1.4.0', [], '"" is no version'],
  ['1.4.0', '1.3.0', [], 'package.json says 1.3.0.'],
  ['1.4.0', '1.4.0', ['v1.4.0'], 'There is a tag v1.4.0 already'],
  ['1.9.0', '1.9.0', ['v1.10.0', 'v1.2.0'], 'v1.10.0 is released, which is newer than 1.9.0.'],
])('%j with package.json at %j and the tags %j is refused', ([version, packageVersion, tags, said]) => {
  const { code, output } = check(version, packageVersion, tags);
  expect(output).toContain(said);
  expect(code).toBe(1);
});

test('another branch than main is refused', () => {
  const { code, output } = check('1.4.0', '1.4.0', [], 'refs/heads/next');
  expect(output).toContain('Releases are made from main, and this is refs/heads/next.');
  expect(code).toBe(1);
});

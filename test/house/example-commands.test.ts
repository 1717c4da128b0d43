import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownFiles, root } from './checkout.ts';
import { examplesOf } from './examples.ts';

// Scripts of the documents whose commands ask others: run, with programs in the place of those commands that write down what is asked.

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const examples = examplesOf(ownFiles('README.md', 'SECURITY.md', 'docs/*.md'));

/** Runs an example and gives the calls of `program`, which answers with the same text each time. */
function callsOf(name: string, program: string, answer = ''): readonly string[] {
  const script = examples.find((example) => example.name === name)?.text ?? 'exit 99';
  const log = join(folder, 'calls');
  const standIn = `#!/bin/sh\necho "$*" >>'${log}'\nprintf '%s' '${answer}'\n`;
  writeFileSync(join(folder, program), standIn, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return readFileSync(log, 'utf8').trimEnd().split('\n');
}

test('entries of the cache are listed by their key, and each is deleted', () => {
  const calls = callsOf('docs/caching.md: Delete what is there', 'gh', '7\n8\n');
  expect(calls).toEqual([
    'cache list --key paklog-image- --limit 1000 --json id --jq .[].id',
    'cache delete 7',
    'cache delete 8',
  ]);
});

test('a release is verified by the workflow that makes releases', () => {
  const [download, verify = ''] = callsOf('SECURITY.md: How this repository guards what you run', 'gh');
  expect(download).toBe('release download v1.4.0 --repo paklog/infra-action');
  const [, archive, workflow = ''] =
    /^attestation verify (\S+) --repo paklog\/infra-action --signer-workflow paklog\/infra-action\/(\S+)$/.exec(
      verify,
    ) ?? [];
  expect([archive, existsSync(join(root, workflow))]).toEqual(['infra-action-1.4.0.tar.gz', true]);
});

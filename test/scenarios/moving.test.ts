import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownFiles } from '../house/checkout.ts';
import { kindOf } from '../house/example-kinds.ts';
import { examplesOf, placeOf } from '../house/examples.ts';
import { copyCheckout, runAct, standIns } from '../runner/act.ts';
import { leaksOf } from '../runner/leaks.ts';
import { documented } from './documented.ts';

// docs/moving.md: what is there before does the same as what is there after.

let folder: string;
let copy: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infra-action-'));
  copy = join(folder, 'copy');
  await copyCheckout(copy);
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The build asks the service of the page's Compose file where that publishes it. */
const build = `#!/usr/bin/env bash
exec 3<>/dev/tcp/localhost/6380
printf 'PING\\r\\n' >&3
read -r -t 5 answer <&3
echo "sessions says \${answer%?} at \${SESSIONS_URL:-no exported address}"
`;

test.for<[string, string, string]>([
  ['before', 'docs/moving.md: From a Compose file', 'no exported address'],
  ['after', 'docs/moving.md: From a Compose file 2', 'redis://localhost:6380'],
])('a Compose file of one’s own, %s', { timeout: 300_000 }, async ([, name, address]) => {
  const workflow = documented(name).text;
  const leaks = await leaksOf();
  const { code, output } = await runAct({
    workflow,
    files: { mvnw: build, 'docker-compose.ci.yml': documented('docs/moving.md: From a Compose file 3').text },
    repositories: { ...standIns(workflow), 'paklog/infra-action@v1': copy },
  });
  expect(code, output).toBe(0);
  expect(output).toContain(`| sessions says +PONG at ${address}`);
  expect(await leaks(), output).toEqual([]);
});

const java = examplesOf(ownFiles('README.md', 'docs/*.md')).filter((example) => kindOf(example) === 'java');

/** javac ends after its parser here: what the classes import is in no repository of ours. */
const parseOnly = ['-proc:none', '-XDshould-stop.ifNoError=PARSE'];

async function javac(text: string): Promise<string> {
  const file = join(folder, 'Example.java');
  await writeFile(file, text);
  return promisify(execFile)('javac', [...parseOnly, '-d', folder, file]).then(
    () => '',
    (error: Error) => error.message,
  );
}

test.for(java.map((example) => [placeOf(example), example] as const))('%s is Java', async ([, { text }]) => {
  expect(await javac(text)).toBe('');
  expect(await javac(text.replace('}', ''))).toContain('Example.java:');
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runAct, standIns } from '../runner/act.ts';
import { documented } from './documented.ts';
import { copyTold, repositories } from './downstream.ts';

// Calls of service-ci.yml that documents show, word for word under act; the stack prints what it was asked for (readme.test.ts has
// it for real).

const files = {
  mvnw: '#!/usr/bin/env bash\n[[ $1 == -q ]] && echo 1.4.0 || echo "mvnw $* in profile $SPRING_PROFILES_ACTIVE"\n',
  gradlew: '#!/usr/bin/env bash\necho "gradlew $*"\n',
  'package.json': '{ "name": "shop", "version": "1.0.0", "scripts": { "test": "echo npm ran" } }\n',
  'package-lock.json': '{ "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": {} }\n',
};

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'infra-action-'));
  await copyTold(copy);
});

afterAll(() => rm(copy, { recursive: true, force: true }));

async function push(workflow: string, event = 'push'): Promise<string> {
  const known = { ...standIns(workflow), ...(await repositories(copy)) };
  const { code, output } = await runAct({ workflow, files, repositories: known, event: { name: event } });
  expect(code, output).toBe(0);
  return output;
}

test('what a job gives to the workflow, each in a job of its own', { timeout: 300_000 }, async () => {
  const uses = 'paklog/infra-action/.github/workflows/service-ci.yml@v1';
  const called = (name: string) => ({ uses, ...parse(documented(name).text) });
  const jobs = {
    gradle: called('docs/service-ci.md: Gradle'),
    node: called('docs/service-ci.md: Node.js'),
    compose: called('docs/service-ci.md: Your own Compose files'),
    own: called('docs/service-ci.md: Runners of your own'),
    moved: called('docs/moving.md: From Testcontainers 3'),
  };
  const output = await push(JSON.stringify({ name: 'CI', on: 'push', jobs }));
  for (const said of [
    '| gradlew check',
    '| npm ran',
    '| mvnw -B verify',
    '"INPUT_COMPOSE-FILES":"docker-compose.ci.yml"',
    '"INPUT_PORTS":"dynamic"',
    '"INPUT_SERVICES":"kafka, mongodb"',
  ])
    expect(output).toContain(said);
});

test.for<[string, string, readonly string[]]>([
  [
    "docs/service-ci.md: A service's CI in one job: service-ci.yml",
    'push',
    ['| mvnw -B verify', '"INPUT_SERVICES":"kafka, mongodb, redis"'],
  ],
  [
    'docs/service-ci.md: Several versions',
    'pull_request',
    ['"INPUT_LOGS-ARTIFACT":"logs-java-17-', '"INPUT_LOGS-ARTIFACT":"logs-java-21-'],
  ],
  ['docs/service-ci.md: Names and secrets for the command', 'push', ['| mvnw -B verify in profile ci']],
  [
    'docs/nightly.md: The long tests of a service',
    'schedule',
    ['| mvnw -B verify -Pnightly', '"INPUT_LOGS":"always"'],
  ],
  ['docs/service-ci.md: What the command tells', 'push', ['| mvnw -B verify', '| 1.4.0']],
])('%s, on %s', { timeout: 300_000 }, async ([name, event, said]) => {
  const output = await push(documented(name).text, event);
  for (const each of said) expect(output).toContain(each);
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { perform, scriptOf } from './step-scripts.ts';

const commit = '1'.repeat(40);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  mkdirSync(join(folder, 'checkout'));
  writeFileSync(join(folder, 'env'), '');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a step of the workflow. */
function step(job: string, id: string, env: Readonly<Record<string, string>>) {
  const script = scriptOf('preview.yml', job, id);
  return perform(script, { folder, env: { GITHUB_ENV: join(folder, 'env'), ...env } });
}

describe('what is given', () => {
  const nothing = {
    ...{ REGISTRY: '', USERNAME: '', PASSWORD: '', SECRET: '' },
    ...{ RUNNER_ENVIRONMENT: 'self-hosted', ELSEWHERE: '' },
  };

  test.for([{}, { RUNNER_ENVIRONMENT: 'github-hosted', ELSEWHERE: 'ssh://a' }])('%j is fine', (given) => {
    expect(step('preview', 'given', { ...nothing, ...given })).toEqual({ code: 0, output: '', outputs: {} });
  });

  test.for([
    [{ RUNNER_ENVIRONMENT: 'github-hosted' }, 'A preview on a machine of GitHub would end with this job'],
    [{ SECRET: 'A=1\nB' }, 'Line 2 of the secret env is not NAME=value.'],
    [{ SECRET: 'GITHUB_TOKEN=1' }, 'The secret env may not set GITHUB_TOKEN.'],
    [{ SECRET: 'DOCKER_HOST=tcp://a' }, 'The secret env may not set DOCKER_HOST.'],
    [{ SECRET: 'NODE_OPTIONS=-r a' }, 'The secret env may not set NODE_OPTIONS.'],
  ] as const)('%j is refused', ([given, said]) => {
    const { code, output, outputs } = step('preview', 'given', { ...nothing, ...given });
    expect({ code, outputs }).toEqual({ code: 1, outputs: {} });
    expect(output).toContain(`::error title=preview::${said}`);
  });

  test('secrets are masked, and are variables of the steps that follow', () => {
    const { output } = step('preview', 'given', {
      ...nothing,
      SECRET: '# for the shop\nTOKEN=s3cr3t=%0A\n\nEMPTY=\n',
    });
    expect(output).toBe('::add-mask::s3cr3t=%250A\n');
    expect(readFileSync(join(folder, 'env'), 'utf8')).toBe('TOKEN=s3cr3t=%0A\nEMPTY=\n');
  });

  test.for([
    ['ghcr.io/acme/previews', 'me', 'token', 'ghcr.io'],
    ['ghcr.io/acme', '', '', undefined],
    ['', 'me', 'token', undefined],
  ] as const)('of %j, %j, %j the login is to %j', ([REGISTRY, USERNAME, PASSWORD, login]) => {
    const { outputs } = step('preview', 'given', { ...nothing, REGISTRY, USERNAME, PASSWORD });
    expect(outputs['login']).toBe(login);
  });
});

describe('where there is no preview', () => {
  test('a pull request from a fork is told how there could be one, and is green', () => {
    const env = { EVENT: 'pull_request', COMMIT: commit, NUMBER: '7' };
    const { code, output, outputs } = step('unsafe', 'say', env);
    expect({ code, outputs }).toEqual({ code: 0, outputs: { state: 'skipped' } });
    expect(output).toContain(`by hand (workflow_dispatch) with pull-request 7 and commit ${commit}`);
  });

  test.for(['pull_request_target', 'workflow_run', 'issue_comment'])('%s is refused', (EVENT) => {
    const { code, output } = step('unsafe', 'say', { EVENT, COMMIT: '', NUMBER: '' });
    expect(code).toBe(1);
    expect(output).toContain(`on ${EVENT} that code would have the rights`);
  });
});

import { describe, expect, test } from 'vitest';
import { explain, explainCompose } from '../../src/core/causes.ts';
import type { CommandResult } from '../../src/core/command.ts';

function failed(stderr: string, more: Partial<CommandResult> = {}): CommandResult {
  const command = ['docker', 'pull', '--quiet', 'mongo:9'];
  return { command, exitCode: 1, stdout: '', stderr, timedOut: false, missing: false, ...more };
}

const about = { system: 'mongodb', image: 'mongo:9' };
describe('before any words', () => {
  test('a missing program', () => {
    const failure = explain(failed('spawn docker ENOENT', { missing: true, exitCode: undefined }), about);
    expect(failure.code).toBe('DOCKER_MISSING');
  });

  test('no end in time', () => {
    const failure = explain(failed('i/o timeout', { timedOut: true, exitCode: undefined }), about);
    expect(failure).toMatchObject({ code: 'DOCKER_TIMEOUT', system: 'mongodb' });
    expect(failure.what).toContain('docker pull');
  });
});

describe('an unknown cause', () => {
  test('quotes the last words, without warnings, and the exit code', () => {
    const stderr = 'time="x" level=warning msg="The X variable is not set"\none\n\ntwo\nthree\nfour\n';
    expect(explain(failed(stderr, { exitCode: 17 }), about)).toMatchObject({
      code: 'COMMAND_FAILED',
      what: '`docker pull` failed with exit code 17.',
      why: 'two\nthree\nfour',
    });
  });

  test('of a signal', () => {
    const command = ['docker', 'start', 'abc', 'def', '--x'];
    expect(explain(failed('', { command, exitCode: undefined })).what).toBe('`docker start abc` was killed.');
  });

  test('that says nothing is told so', () => {
    expect(explain(failed(' \n')).why).toBe('It said nothing.');
  });

  test('that says too much is cut', () => {
    expect(explain(failed('x'.repeat(10_000))).why).toHaveLength(600);
  });
});

describe('of Compose, about files', () => {
  test.each([
    'service "a" depends on undefined service "b": invalid compose project',
    "validating ci.yaml: services.a additional properties 'imagee' not allowed",
    'error while interpolating services.a.image: required variable X is missing a value: set it',
    'env file /w/none.env not found: stat /w/none.env: no such file or directory',
  ])('%s', (stderr) => {
    expect(explainCompose(failed(`${stderr}\n`))).toEqual({
      code: 'COMPOSE_INVALID',
      what: stderr,
      why: 'Docker Compose cannot use the files as they are.',
      advice: 'Correct the file, and try it with `docker compose -f FILE config`.',
    });
  });

  test('a known cause stays itself', () => {
    expect(explainCompose(failed('dependency cycle detected: a -> a')).code).toBe('COMPOSE_CYCLE');
    expect(explainCompose(failed('', { missing: true })).code).toBe('DOCKER_MISSING');
  });
});

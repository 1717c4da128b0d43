import { describe, expect, test } from 'vitest';
import { explain, explainCompose } from '../../src/core/causes/explain.ts';
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

describe('a command inside a container', () => {
  const inside = (words: readonly string[]) => [
    'docker',
    'exec',
    '--env',
    'A=1',
    '--env',
    'B=2',
    'c1',
    ...words,
  ];

  test('is named as it was run there, with its own words', () => {
    const command = inside(['make', 'orders', '--partitions', '3']);
    const stderr = 'connection refused\nno space left on device\ntopic exists\n';
    expect(explain(failed(stderr, { command }), { system: 'queue' })).toEqual({
      code: 'COMMAND_FAILED',
      system: 'queue',
      what: '`make orders --partitions 3` failed with exit code 1 in queue.',
      why: 'connection refused\nno space left on device\ntopic exists',
      advice: 'Read its message, and correct the input that the command was made from.',
    });
  });

  test('is named without variables, too', () => {
    const command = ['docker', 'exec', 'c1', 'make'];
    expect(explain(failed('', { command })).what).toBe('`make` failed with exit code 1.');
  });

  test('that is long is cut', () => {
    const { what } = explain(failed('', { command: inside(['make', 'x'.repeat(300)]) }));
    expect(what).toMatch(/^`make x{194}…` failed with exit code 1\.$/);
  });

  test('cannot run where there is no engine', () => {
    const stderr = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.';
    expect(explain(failed(stderr, { command: inside(['make']) })).code).toBe('DOCKER_UNAVAILABLE');
  });
});

describe('of Compose, about files', () => {
  test.each([
    'yaml: line 3: mapping values are not allowed in this context',
    'failed to parse /srv/ci.yaml: line 4: mapping key "image" already defined at line 3',
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

import { describe, expect, test } from 'vitest';
import { explain, explainCompose } from '../../src/core/causes/explain.ts';
import type { Failure } from '../../src/core/errors.ts';
import { logOf, readAs } from './known-failures.ts';

/** What Docker Engine 28.5 and Compose 2.40 say, and a word of what a person has to be told. */
const rows: readonly (readonly [string, string, string])[] = [
  ['docker-no-engine', 'DOCKER_UNAVAILABLE', 'No Docker Engine answers'],
  ['docker-permission', 'DOCKER_PERMISSION', 'Docker refuses this user'],
  ['docker-client-too-old', 'DOCKER_INCOMPATIBLE', 'do not understand each other'],
  ['docker-pull-missing', 'PULL_NOT_FOUND', 'acme/orders:1'],
  ['docker-pull-repository-missing', 'PULL_NOT_FOUND', 'acme/orders:1'],
  ['docker-pull-denied', 'PULL_DENIED', 'acme/orders:1'],
  ['docker-pull-access-denied', 'PULL_DENIED', 'acme/orders:1'],
  ['docker-pull-no-login', 'PULL_DENIED', 'acme/orders:1'],
  ['docker-pull-rate-limit', 'PULL_RATE_LIMITED', 'acme/orders:1'],
  ['docker-pull-too-many', 'PULL_RATE_LIMITED', 'acme/orders:1'],
  ['docker-pull-platform', 'PLATFORM_UNSUPPORTED', 'acme/orders:1'],
  ['docker-pull-unavailable', 'PULL_NETWORK', 'acme/orders:1'],
  ['docker-pull-closed', 'PULL_NETWORK', 'acme/orders:1'],
  ['docker-pull-refused', 'PULL_NETWORK', 'acme/orders:1'],
  ['docker-pull-no-network', 'PULL_NETWORK', 'acme/orders:1'],
  ['docker-pull-name', 'IMAGE_NAME_INVALID', 'acme/orders:1'],
  ['docker-create-platform', 'PLATFORM_UNSUPPORTED', 'acme/orders:1'],
  ['docker-create-mount', 'MOUNT_FAILED', '/srv/shop/nowhere.sql'],
  ['docker-start-mount', 'MOUNT_FAILED', '/srv/shop/init.sql'],
  ['docker-start-no-program', 'COMMAND_NOT_FOUND', '/no/such/program'],
  ['docker-start-not-on-path', 'COMMAND_NOT_FOUND', 'nosuch'],
  ['docker-start-not-executable', 'COMMAND_NOT_FOUND', '/etc/passwd'],
  ['docker-start-port-of-container', 'PORT_TAKEN', '127.0.0.1:46379'],
  ['docker-start-port-of-process', 'PORT_TAKEN', '127.0.0.1:46379'],
  ['docker-start-address', 'ADDRESS_UNAVAILABLE', '10.9.9.9:46379'],
  ['compose-network-missing', 'EXTERNAL_MISSING', 'network outside'],
  ['compose-volume-missing', 'EXTERNAL_MISSING', 'volume "outside"'],
  ['compose-build', 'BUILD_FAILED', 'process "/bin/sh -c exit 3" did not complete successfully'],
  ['compose-cycle', 'COMPOSE_CYCLE', 'ledger -> orders -> ledger'],
  ['compose-unknown-key', 'COMPOSE_INVALID', 'knows no such key'],
  ['compose-undefined-service', 'COMPOSE_INVALID', 'waits for one that is in none of the files'],
  ['compose-undefined-volume', 'COMPOSE_INVALID', 'no file declares'],
  ['compose-variable', 'COMPOSE_INVALID', 'needs an environment variable'],
  ['compose-env-file', 'COMPOSE_INVALID', 'a file that is not there'],
  ['compose-interpolation', 'COMPOSE_INVALID', 'read as a variable'],
  ['compose-no-image', 'COMPOSE_INVALID', 'cannot know what the service runs'],
  ['compose-duplicate-key', 'COMPOSE_INVALID', 'cannot use the files as they are'],
];

/** The command that said it, by the name of the file. */
function told(name: string): Failure {
  const [program = '', action = ''] = name.split('-');
  const words = program === 'compose' ? ['docker', 'compose'] : ['docker', action, 'c1'];
  const result = { command: words, exitCode: 1, stdout: '', timedOut: false, missing: false };
  const outcome = { ...result, stderr: logOf(name) };
  if (program === 'compose') return explainCompose(outcome);
  return explain(outcome, { system: 'orders', image: 'acme/orders:1' });
}

describe('the real words of Docker and Compose', () => {
  test.each(rows)('%s: %s', (name, code, words) => {
    const failure = told(name);
    expect(failure.code).toBe(code);
    expect(`${failure.what}\n${failure.why}`).toContain(words);
    expect(JSON.stringify(failure)).not.toMatch(/\{\w+\}|undefined(?! (?:service|volume))/);
  });

  test.each(rows)('%s as a person reads it', async (name) => {
    await expect(readAs(told(name), '')).toMatchFileSnapshot(`golden/annotations/${name}.txt`);
  });
});

describe('what Docker said itself', () => {
  const failed = (stderr: string) => ({
    command: ['docker', 'pull', 'x'],
    exitCode: 1,
    stdout: '',
    stderr,
    timedOut: false,
    missing: false,
  });

  test('is quoted, the one line of it', () => {
    const stderr = 'one\nError response from daemon: toomanyrequests: slow down\nthree\n';
    expect(explain(failed(stderr)).why).toBe(
      'Its limit for this address or account is used up.\nDocker says: toomanyrequests: slow down',
    );
  });

  test('is quoted without the parts of the engine that handed it on', () => {
    expect(told('docker-start-mount').why).toContain(
      '\nDocker says: error during container init: error mounting',
    );
  });

  test('is not where it tells no more', () => {
    expect(explain(failed('dependency cycle detected: a -> b -> a')).why).toBe(
      'None of them could ever start first.',
    );
  });
});

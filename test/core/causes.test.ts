import { describe, expect, test } from 'vitest';
import { explain } from '../../src/core/causes/explain.ts';
import type { CommandResult } from '../../src/core/command.ts';

function failed(stderr: string, more: Partial<CommandResult> = {}): CommandResult {
  const command = ['docker', 'pull', '--quiet', 'mongo:9'];
  return { command, exitCode: 1, stdout: '', stderr, timedOut: false, missing: false, ...more };
}

const about = { system: 'mongodb', image: 'mongo:9' };
const daemon = 'Error response from daemon: ';
const endpoint = 'driver failed programming external connectivity on endpoint ci-kafka-1 (f8a30e4fb223)';

/** The words of Docker, Compose, moby and registries, as people reported them. */
const words: readonly (readonly [string, string])[] = [
  [
    'DOCKER_PERMISSION',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.47/version": dial unix /var/run/docker.sock: connect: permission denied',
  ],
  [
    'DOCKER_PERMISSION',
    'permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
  ],
  [
    'DOCKER_UNAVAILABLE',
    'Cannot connect to the Docker daemon at unix:///nonexistent. Is the docker daemon running?',
  ],
  [
    'DOCKER_UNAVAILABLE',
    'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
  ],
  [
    'DOCKER_UNAVAILABLE',
    'failed to connect to the docker API at tcp://10.0.0.5:2375: dial tcp 10.0.0.5:2375: connect: connection refused',
  ],
  [
    'DOCKER_UNAVAILABLE',
    'error during connect: Get "http://docker.example:2375/v1.47/version": dial tcp: lookup docker.example: no such host',
  ],
  [
    'DOCKER_INCOMPATIBLE',
    `${daemon}client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version`,
  ],
  ['DOCKER_INCOMPATIBLE', `${daemon}client version 1.52 is too new. Maximum supported API version is 1.41`],
  ['PORT_TAKEN', `${daemon}${endpoint}: Bind for 127.0.0.1:9092 failed: port is already allocated`],
  [
    'PORT_TAKEN',
    `${daemon}failed to set up container networking: ${endpoint}: failed to bind host port for 127.0.0.1:9092:172.31.0.2:9092/tcp: address already in use`,
  ],
  [
    'PORT_TAKEN',
    `${daemon}failed to set up container networking: ${endpoint}: failed to bind host port 127.0.0.1:9092/tcp: address already in use`,
  ],
  [
    'PORT_TAKEN',
    `${daemon}${endpoint}: Error starting userland proxy: listen tcp4 127.0.0.1:9092: bind: address already in use`,
  ],
  [
    'PULL_RATE_LIMITED',
    `${daemon}toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit`,
  ],
  [
    'PULL_RATE_LIMITED',
    `${daemon}error from registry: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit`,
  ],
  [
    'PULL_RATE_LIMITED',
    `${daemon}Head "https://registry-1.docker.io/v2/library/mongo/manifests/9": received unexpected HTTP status: 429 Too Many Requests`,
  ],
  ['PLATFORM_UNSUPPORTED', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
  [
    'PLATFORM_UNSUPPORTED',
    `${daemon}image with reference mongo:9 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64`,
  ],
  [
    'PLATFORM_UNSUPPORTED',
    `${daemon}image with reference mongo:9 was found but does not provide the specified platform (linux/arm64)`,
  ],
  [
    'PLATFORM_UNSUPPORTED',
    `${daemon}failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec /docker-entrypoint.sh: exec format error: unknown`,
  ],
  ['PULL_NOT_FOUND', `${daemon}manifest for mongo:9 not found: manifest unknown: manifest unknown`],
  [
    'PULL_NOT_FOUND',
    `${daemon}failed to resolve reference "docker.io/bitnami/redis:7": docker.io/bitnami/redis:7: not found`,
  ],
  [
    'PULL_DENIED',
    `${daemon}pull access denied for mongo, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
  ],
  [
    'PULL_DENIED',
    `${daemon}Head "https://ghcr.io/v2/acme/app/manifests/1": unauthorized: authentication required`,
  ],
  ['DISK_FULL', 'failed to register layer: write /usr/lib/jvm/lib/modules: no space left on device'],
  [
    'NETWORK_EXHAUSTED',
    `failed to create network ci_default: ${daemon}all predefined address pools have been fully subnetted`,
  ],
  [
    'NETWORK_EXHAUSTED',
    `${daemon}could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network`,
  ],
  ['COMPOSE_CYCLE', 'dependency cycle detected: a -> b -> a'],
  ['PULL_NETWORK', `${daemon}Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout`],
  [
    'PULL_NETWORK',
    `${daemon}Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
  ],
  [
    'PULL_NETWORK',
    `${daemon}Get "https://registry-1.docker.io/v2/": dial tcp 44.208.254.194:443: i/o timeout`,
  ],
  ['PULL_NETWORK', `${daemon}Get "https://registry-1.docker.io/v2/": EOF`],
  ['PULL_NETWORK', 'unexpected EOF'],
  [
    'PULL_NETWORK',
    `${daemon}Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: server misbehaving`,
  ],
  ['PULL_NETWORK', `${daemon}received unexpected HTTP status: 500 Internal Server Error`],
  ['PULL_NETWORK', `${daemon}received unexpected HTTP status: 503 Service Unavailable`],
  [
    'PULL_NETWORK',
    `${daemon}Get "https://registry.example:5000/v2/": read tcp 10.0.0.1:5->10.0.0.2:443: read: connection reset by peer`,
  ],
  [
    'PULL_NETWORK',
    `${daemon}Get "https://mirror.example/v2/": dial tcp 10.0.0.2:443: connect: connection refused`,
  ],
];

test.each(words)('%s: %s', (code, stderr) => {
  const failure = explain(failed(`${stderr}\n`), about);
  expect(failure).toMatchObject({ code, system: 'mongodb' });
  expect(JSON.stringify(failure)).not.toMatch(/\{\w+\}|undefined/);
});

describe('words of registries', () => {
  const words = 'dial tcp 10.0.0.2:9092: connect: connection refused';

  test.each([['pull'], ['compose']])('are heard from `docker %s`', (action) => {
    const command = ['docker', action, 'x'];
    expect(explain(failed(words, { command }), about).code).toBe('PULL_NETWORK');
  });

  test('are something else when `docker start` says them', () => {
    const command = ['docker', 'start', 'c1'];
    expect(explain(failed(words, { command }), about)).toMatchObject({ code: 'COMMAND_FAILED', why: words });
  });
});

describe('words that mean something else', () => {
  test.each([
    `${daemon}Conflict. The container name "/x" is already in use by container "f8a3"`,
    'exit status 1500 of a program',
    'service "a" refers to undefined network b: invalid compose project',
    'dependency failed to start: container ci-mongodb-1 is unhealthy',
  ])('%s', (stderr) => {
    expect(explain(failed(stderr), about)).toMatchObject({ code: 'COMMAND_FAILED', why: stderr });
  });
});

test.each([
  ['127.0.0.1:9092', words[8]],
  ['127.0.0.1:9092', words[9]],
  ['127.0.0.1:9092', words[10]],
  ['127.0.0.1:9092', words[11]],
])('a taken port is named (%s, %#)', (port, found) => {
  const { what } = explain(failed(found?.[1] ?? ''), { system: 'kafka' });
  expect(what).toBe(`kafka cannot have its port ${port}.`);
});

test('what was being pulled is named', () => {
  const { what } = explain(failed('toomanyrequests: x'), about);
  expect(what).toBe('The registry refuses more pulls of mongo:9 for now.');
  expect(explain(failed('toomanyrequests: x')).what).toBe(
    'The registry refuses more pulls of An image for now.',
  );
});

test('the circle is named', () => {
  expect(explain(failed('dependency cycle detected: a -> b -> a')).what).toBe(
    'Services depend on each other in a circle: a -> b -> a.',
  );
});

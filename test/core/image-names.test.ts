import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineReach } from '../../src/core/images/engine-reach.ts';
import { parseImageName, registryAddresses } from '../../src/core/images/image-name.ts';
import { isIndex, platformDigest } from '../../src/core/images/platform-manifest.ts';

const digest = (sign: string) => `sha256:${sign.repeat(64)}`;

describe('an image’s name', () => {
  test.each([
    ['redis', 'docker.io', 'library/redis', 'latest'],
    ['redis:7.2', 'docker.io', 'library/redis', '7.2'],
    ['grafana/loki:3', 'docker.io', 'grafana/loki', '3'],
    ['a/b/c', 'docker.io', 'a/b/c', 'latest'],
    ['docker.io/redis', 'docker.io', 'library/redis', 'latest'],
    ['index.docker.io/library/redis:7', 'docker.io', 'library/redis', '7'],
    ['ghcr.io/acme/orders:1_2-RC.3', 'ghcr.io', 'acme/orders', '1_2-RC.3'],
    ['ghcr.io/orders', 'ghcr.io', 'orders', 'latest'],
    ['localhost/redis', 'localhost', 'redis', 'latest'],
    ['localhost:5000/redis:7', 'localhost:5000', 'redis', '7'],
    ['registry:5000/a/b', 'registry:5000', 'a/b', 'latest'],
    ['127.0.0.1:5000/redis', '127.0.0.1:5000', 'redis', 'latest'],
    ['a__b/c---d.e:1', 'docker.io', 'a__b/c---d.e', '1'],
    [`redis@${digest('a')}`, 'docker.io', 'library/redis', digest('a')],
    [`redis:7@${digest('a')}`, 'docker.io', 'library/redis', digest('a')],
  ])('%s is read as Docker reads it', (image, registry, repository, reference) => {
    expect(parseImageName(image)).toEqual({ registry, repository, reference });
  });

  test.each([
    '',
    'Redis',
    'redis:',
    'redis:7 8',
    'redis@sha256:abc',
    '/redis',
    'redis/',
    'a//b',
    'a/../b',
    './redis',
    'redis-',
    '-redis',
    'a_-b',
    'ghcr.io/',
    'ghcr.io/../x',
    'user:secret@ghcr.io/a',
    'ghcr.io?x=/a',
    'ghcr.io#/a',
    'ghcr.io:port/a',
    `redis:${'a'.repeat(129)}`,
  ])('%j is none', (image) => {
    expect(parseImageName(image)).toBeUndefined();
  });

  test('leads to that registry’s own addresses alone, whatever it is', () => {
    const signs = fc.constantFrom(...'ab.:/@#?%\\-_ \n1');
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 20 }), (image) => {
        const name = parseImageName(image);
        if (name === undefined) return;
        const [address = ''] = registryAddresses(name.registry, []);
        const url = new URL(`${address}/v2/${name.repository}/manifests/${name.reference}`);
        expect(url.pathname).toBe(`/v2/${name.repository}/manifests/${name.reference}`);
        const host = name.registry === 'docker.io' ? 'registry-1.docker.io' : name.registry;
        expect([host, host.replace(/:0*(443|80)$/, '')]).toContain(url.host);
      }),
    );
  });
});

describe('a registry', () => {
  test('of docker.io comes after the engine’s mirrors, others have none', () => {
    const mirrors = ['http://127.0.0.1:5000', 'https://mirror.example.com'];
    expect(registryAddresses('docker.io', mirrors)).toEqual([...mirrors, 'https://registry-1.docker.io']);
    expect(registryAddresses('ghcr.io', mirrors)).toEqual(['https://ghcr.io']);
  });

  test.each([
    ['localhost', 'http'],
    ['localhost:5000', 'http'],
    ['127.0.0.1:5000', 'http'],
    ['127.1.2.3', 'http'],
    ['localhost.example.com', 'https'],
    ['127.0.0.1.example.com', 'https'],
    ['registry:5000', 'https'],
  ])('at %s is asked by %s', (registry, scheme) => {
    expect(registryAddresses(registry, [])).toEqual([`${scheme}://${registry}`]);
  });
});

describe('a list of images', () => {
  const entry = (sign: string, os: string, architecture: string, variant?: string) => ({
    digest: digest(sign),
    platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
  });
  const manifests = [
    entry('0', 'unknown', 'unknown'),
    entry('a', 'linux', 'amd64'),
    entry('6', 'linux', 'arm', 'v6'),
    entry('7', 'linux', 'arm', 'v7'),
    entry('8', 'linux', 'arm64', 'v8'),
    { digest: 'sha256:../x', platform: { os: 'linux', architecture: 's390x' } },
    { digest: digest('b') },
    null,
  ];
  const index = JSON.stringify({ manifests });

  test.each([
    ['linux/amd64', digest('a')],
    ['linux/arm64', digest('8')],
    ['linux/arm64/v8', digest('8')],
    ['linux/arm/v7', digest('7')],
    ['linux/arm/v5', undefined],
    ['windows/amd64', undefined],
    ['linux/s390x', undefined],
    ['linux', undefined],
  ])('has for %s the right one', (platform, found) => {
    expect(platformDigest(index, platform)).toBe(found);
  });

  test('is told from an image', () => {
    expect([index, '{"layers":[]}', 'no JSON', '[]'].map(isIndex)).toEqual([true, false, false, false]);
    expect(platformDigest('no JSON', 'linux/amd64')).toBeUndefined();
  });
});

describe('an engine', () => {
  const info = (more: object) => JSON.stringify({ OperatingSystem: 'Debian', ...more });

  test('tells its mirrors', () => {
    const RegistryConfig = { Mirrors: ['http://127.0.0.1:5000/', 'https://mirror.example.com'] };
    expect(engineReach(info({ RegistryConfig }), '')).toEqual({
      mirrors: ['http://127.0.0.1:5000', 'https://mirror.example.com'],
    });
  });

  test.each([
    '',
    'unix:///run/docker.sock',
    'tcp://127.0.0.1:2375',
    'tcp://localhost:2375',
    'tcp://[::1]:2375',
  ])('at %j shares this machine’s loopback address', (host) => {
    expect(engineReach(info({}), host)).toEqual({ mirrors: [] });
  });

  test.each([
    ['tcp://10.0.0.7:2375', {}, 'DOCKER_HOST is another machine'],
    ['tcp://localhost.example.com:2375', {}, 'DOCKER_HOST is another machine'],
    ['ssh://ci@build.example.com', {}, 'DOCKER_HOST is another machine'],
    ['https://build.example.com', {}, 'DOCKER_HOST is another machine'],
    ['', { ClientInfo: { Context: 'far' } }, 'the Docker context far may be another machine'],
    ['', { SecurityOptions: ['name=rootless'] }, 'the engine is rootless and has a network of its own'],
    ['', { OperatingSystem: 'Docker Desktop' }, 'Docker Desktop runs in a virtual machine'],
  ])('at %j with %j does not', (host, more, why) => {
    expect(engineReach(info(more), host).apart).toBe(why);
  });

  test.each(['', '{}', '[]', 'Cannot connect to the Docker daemon'])('that says %j tells nothing', (text) => {
    expect(engineReach(text, '').apart).toBe('the engine does not tell what it is');
  });

  test('in the default context is not taken for another', () => {
    expect(engineReach(info({ ClientInfo: { Context: 'default' } }), '').apart).toBeUndefined();
    expect(
      engineReach(info({ ClientInfo: { Context: 'far' } }), 'unix:///run/docker.sock').apart,
    ).toBeUndefined();
  });
});

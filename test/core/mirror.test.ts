import { describe, expect, test } from 'vitest';
import { emptyCatalogue } from '../../src/core/catalogue/catalogue.ts';
import { parseInputs } from '../../src/core/inputs.ts';
import { hasDigest, mirrorName, mirrorProblem, withImages } from '../../src/core/mirror.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the name at a mirror', () => {
  test.each([
    ['redis', 'library/redis'],
    ['redis:7', 'library/redis:7'],
    ['library/redis:7', 'library/redis:7'],
    ['grafana/loki:3.7.8', 'grafana/loki:3.7.8'],
    ['docker.io/redis:7', 'library/redis:7'],
    ['docker.io/grafana/loki:3', 'grafana/loki:3'],
    ['index.docker.io/library/redis:7', 'library/redis:7'],
    [`redis@${digest}`, `library/redis@${digest}`],
    [`acme/orders:1_2-RC.3@${digest}`, `acme/orders:1_2-RC.3@${digest}`],
    ['acme/a/b__c---d.e:1', 'acme/a/b__c---d.e:1'],
    ['localhostess/redis:7', 'localhostess/redis:7'],
  ])('of %s is below the prefix', (image, name) => {
    expect(mirrorName(image, 'ghcr.io/acme/mirror')).toBe(`ghcr.io/acme/mirror/${name}`);
    expect(mirrorName(image, '127.0.0.1:5000')).toBe(`127.0.0.1:5000/${name}`);
  });

  test.each([
    'ghcr.io/acme/orders:1',
    'quay.io/acme/orders:1',
    'registry.example.com:5000/redis:7',
    '127.0.0.1:5000/redis:7',
    'localhost/redis:7',
    'localhost:5000/redis:7',
    'registry:5000/redis:7',
    `ghcr.io/acme/orders@${digest}`,
    '',
    'Redis:7',
    'redis:',
    'redis:7 8',
    '--help',
    'redis@sha256:abc',
  ])('of %j does not exist', (image) => {
    expect(mirrorName(image, 'ghcr.io/acme/mirror')).toBeUndefined();
  });
});

describe('a mirror', () => {
  test.each([
    'ghcr.io/paklog/mirror',
    'ghcr.io',
    '127.0.0.1:5000',
    'localhost',
    'localhost:5000/cache',
    'registry:5000',
    'mirror-1.example.com:443/docker_hub/a.b',
    'docker.io/acme',
  ])('may be %s', (prefix) => {
    expect(mirrorProblem(prefix)).toBeUndefined();
  });

  test.each([
    'https://ghcr.io',
    'ghcr.io/',
    'ghcr.io//a',
    '/ghcr.io',
    'GHCR.io/a',
    'ghcr.io/Acme',
    'ghcr.io/a b',
    'ghcr.io\na',
    'acme/mirror',
    'mirror',
    'ghcr.io/a:1',
    `ghcr.io/a@${digest}`,
    'user:password@ghcr.io/a',
    'ghcr.io:port',
    'ghcr.io/../a',
    '--help',
    '$(reboot).io',
  ])('may not be %j', (prefix) => {
    expect(mirrorProblem(prefix)).toMatch(/^is not a registry such as /);
  });

  test.each(['docker.io', 'index.docker.io'])('is not %s', (prefix) => {
    expect(mirrorProblem(prefix)).toBe('is where these images come from, not a mirror');
  });
});

test('a digest is seen with and without a tag', () => {
  expect(['redis:7', `redis@${digest}`, `redis:7@${digest}`].map(hasDigest)).toEqual([false, true, true]);
});

test('other images are put in the place of those of their services alone', () => {
  const model = { name: 'p', services: { a: { image: 'a:1', init: true }, b: { image: 'b:1' } } };
  expect(withImages(model, new Map([['a', 'm/a:1']]))).toEqual({
    name: 'p',
    services: { a: { image: 'm/a:1', init: true }, b: { image: 'b:1' } },
  });
});

describe('the input `registry-mirror`', () => {
  const read = (text: string) => parseInputs({ 'registry-mirror': text }, emptyCatalogue);

  test('is what images of docker.io are asked for first', () => {
    const { inputs, problems } = read(' ghcr.io/paklog/mirror\n');
    expect([inputs.registryMirror, problems]).toEqual(['ghcr.io/paklog/mirror', []]);
  });

  test('is refused where it names the place that the images come from anyhow', () => {
    const what = '"docker.io" is where these images come from, not a mirror';
    expect(read('docker.io').problems).toEqual([{ where: 'registry-mirror', what }]);
  });
});

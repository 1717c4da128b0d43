import { describe, expect, test } from 'vitest';
import { emptyCatalogue } from '../../src/core/catalogue/catalogue.ts';
import { inputNames, parseInputs, unknownImages } from '../../src/core/inputs.ts';

function read(raw: Readonly<Record<string, string>>) {
  const { inputs, problems } = parseInputs(raw, emptyCatalogue);
  return { inputs, text: problems.map(({ where, what }) => `${where}: ${what}`).join('\n') };
}

const digest = `sha256:${'a'.repeat(64)}`;

test('nothing given means the documented defaults', () => {
  const { inputs, text } = read({});
  expect(text).toBe('');
  expect(inputs).toEqual({
    services: ['all'],
    composeFiles: [],
    projectName: '',
    ports: 'fixed',
    bindAddress: '127.0.0.1',
    advertiseHost: 'localhost',
    timeout: 300_000,
    images: new Map(),
    registryMirror: '',
    cache: 'auto',
    jvm: 'startup',
    exportEnv: ['default'],
    teardown: 'always',
    logs: { when: 'on-failure', artifact: '', include: [] },
    requests: [],
  });
});

test('blanks are as good as nothing', () => {
  const blank = Object.fromEntries(inputNames.map((name) => [name, ' \n\t']));
  expect(read(blank)).toEqual(read({}));
});

test('every problem is reported at once', () => {
  const { text } = read({
    services: 'none',
    'project-name': '../x',
    ports: 'random',
    'bind-address': '999.1.1.1',
    'advertise-host': 'a b',
    timeout: '1e9',
    images: 'mongodb = mongo:8',
    'registry-mirror': 'https://ghcr.io',
    'export-env': 'none, java',
    teardown: 'yes',
  });
  expect(text).toBe(
    [
      'project-name: "../x" must be 1 to 63 of a-z, 0-9, - and _, and begin with a letter or digit',
      'ports: "random" is not one of: fixed, dynamic',
      'bind-address: "999.1.1.1" is not an IP address',
      'advertise-host: "a b" is not a host name or IPv4 address',
      'timeout: "1e9" is not a duration such as 90s, 5m or 300 (seconds), at most 6h',
      'images: "mongodb = mongo:8" is not `service: repository:tag` (an image is lower case, without spaces)',
      'registry-mirror: "https://ghcr.io" is not a registry such as `ghcr.io/acme/mirror` or `127.0.0.1:5000` (lower case, without `https://` and a last `/`)',
      'export-env: "java" is not one of: default, spring, otel, none',
      'export-env: "none" stands alone',
      'teardown: "yes" is not one of: always, never',
      'services: "none" runs your own stack alone and needs `compose-files`',
    ].join('\n'),
  );
});

describe('services', () => {
  test.each([
    ['a,b', ['a', 'b']],
    ['a\nb\r\n', ['a', 'b']],
    [' a , ,\n b,', ['a', 'b']],
    ['a,b,a', ['a', 'b']],
    ['all, !tempo', ['all', '!tempo']],
    [',', []],
  ])('%j', (services, names) => {
    expect(read({ services }).inputs.services).toEqual(names);
  });

  test('none is fine with files of the caller', () => {
    expect(read({ services: 'none', 'compose-files': 'ci.yaml' }).text).toBe('');
  });
});

test('compose files are one per line, with what else the names hold', () => {
  expect(read({ 'compose-files': ' a.yaml\r\n\nsub dir/b,c.yaml \n-f' }).inputs.composeFiles).toEqual([
    'a.yaml',
    'sub dir/b,c.yaml',
    '-f',
  ]);
});

describe('timeout', () => {
  test.each([
    ['300', 300_000],
    ['90s', 90_000],
    ['5m', 300_000],
    ['6h', 21_600_000],
    ['1', 1000],
  ])('%s', (timeout, milliseconds) => {
    expect(read({ timeout })).toMatchObject({ inputs: { timeout: milliseconds }, text: '' });
  });

  test.each(['0', '-1', 'abc', '1e9', 'NaN', '5 m', '7h', '0x10', '5d', '1.5m', '٥', '9999999'])(
    '%s is refused',
    (timeout) => {
      expect(read({ timeout }).text).toContain(`timeout: ${JSON.stringify(timeout)} is not a duration`);
    },
  );
});

describe('project-name', () => {
  test.each(['a', '0', 'paklog_ci-1', 'x'.repeat(63)])('%s', (name) => {
    expect(read({ 'project-name': name })).toMatchObject({ inputs: { projectName: name }, text: '' });
  });

  test.each(['../x', 'Foo', '-x', '_x', '--help', 'a b', 'a\u0000', 'é', 'x'.repeat(64), 'x'.repeat(200)])(
    '%j is refused, not changed',
    (name) => {
      expect(read({ 'project-name': name }).text).toMatch(/^project-name: .{0,80} must be 1 to 63 of/);
    },
  );
});

describe('bind-address', () => {
  test.each(['127.0.0.1', '0.0.0.0', '10.1.2.255', '::1', '::'])('%s', (address) => {
    expect(read({ 'bind-address': address }).text).toBe('');
  });

  test.each(['999.1.1.1', '1.2.3', '1.2.3.4.5', 'localhost', '1.2.3.4:80', '1.2.3.-4', '1.2.3.'])(
    '%s is refused',
    (address) => {
      expect(read({ 'bind-address': address }).text).toContain('is not an IP address');
    },
  );
});

describe('advertise-host', () => {
  test.each(['localhost', 'ci-7.example.com', '10.0.0.1', 'x'])('%s', (host) => {
    expect(read({ 'advertise-host': host }).text).toBe('');
  });

  test.each(['a b', 'a/b', 'http://a', '-a', 'a-', 'a:80', '$(reboot)', 'a\nb', 'x'.repeat(254)])(
    '%j is refused',
    (host) => {
      expect(read({ 'advertise-host': host }).text).toContain('is not a host name');
    },
  );
});

describe('images', () => {
  test.each([
    ['mongodb: mongo:8.0', 'mongo:8.0'],
    [`mongodb: mongo@${digest}`, `mongo@${digest}`],
    [`mongodb: 'mirror.example:5000/a/b:1_2-RC.3@${digest}'`, `mirror.example:5000/a/b:1_2-RC.3@${digest}`],
    ['mongodb:   "mongo"', 'mongo'],
  ])('%s', (images, image) => {
    expect(read({ images })).toMatchObject({ inputs: { images: new Map([['mongodb', image]]) }, text: '' });
  });

  test.each([
    ['blanks', 'mongodb: mongo 8'],
    ['upper case', 'mongodb: Mongo:8'],
    ['a digest that is too short', 'mongodb: mongo@sha256:abc'],
    ['a digest that is no hexadecimal', `mongodb: mongo@sha256:${'z'.repeat(64)}`],
    ['no service', ': mongo:8'],
    ['no image', 'mongodb:'],
    ['no colon', 'mongo'],
    ['an option', 'mongodb: --help'],
    ['a command', 'mongodb: mongo:$(reboot)'],
  ])('%s: refused', (_, images) => {
    expect(read({ images }).text).toContain('is not `service: repository:tag`');
  });

  test('of services that do not exist', () => {
    const { inputs } = read({ images: 'mongo: mongo:8\nredis: redis:8\n__proto__: redis:8' });
    expect(unknownImages(inputs, ['mongodb', 'redis'])).toEqual([
      { where: 'images', what: 'there is no service "mongo" (did you mean mongodb?)' },
      { where: 'images', what: 'there is no service "__proto__"' },
    ]);
    expect(unknownImages(inputs, ['mongo', 'redis', '__proto__'])).toEqual([]);
  });
});

describe('export-env', () => {
  test.each([
    ['default, spring', ['default', 'spring']],
    ['none', []],
    ['otel\notel', ['otel']],
  ])('%j', (sets, names) => {
    expect(read({ 'export-env': sets })).toMatchObject({ inputs: { exportEnv: names }, text: '' });
  });
});

test('ten thousand services are read', () => {
  const services = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
  expect(read({ services: services.join(',') }).inputs.services).toEqual(services);
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { perform, scriptOf } from './step-scripts.ts';

let folder: string;
let keys: string;
let key: string;

beforeAll(() => {
  keys = mkdtempSync(join(tmpdir(), 'infra-action-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'open')]);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', join(keys, 'locked')]);
  key = readFileSync(join(keys, 'open'), 'utf8');
});

afterAll(() => rmSync(keys, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  mkdirSync(join(folder, 'checkout'));
  for (const name of ['env', 'path']) writeFileSync(join(folder, name), '');
});

afterEach(() => rmSync(folder, { recursive: true }));

const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Runs a step of the workflow; `ssh` writes down what it is asked, and answers as it is told. */
function step(id: string, env: Readonly<Record<string, string>>, ssh = '') {
  const files = { GITHUB_ENV: join(folder, 'env'), GITHUB_PATH: join(folder, 'path'), RUNNER_TEMP: folder };
  const programs = { ssh: `echo "$@" >>"$HOME/asked"\n${ssh}` };
  return perform(scriptOf('preview.yml', 'preview', id), { folder, programs, env: { ...files, ...env } });
}

describe('the way to the host', () => {
  const nothing = { TO: '', SSH_KEY: '', SSH_KNOWN_HOSTS: '', TLS_CA: '', TLS_CERT: '', TLS_KEY: '' };
  const ssh = { ...nothing, TO: 'ssh://deploy@previews.example.com:2222', SSH_KNOWN_HOSTS: 'a b c' };
  const tls = {
    ...nothing,
    TO: 'tcp://previews.example.com:2376',
    TLS_CA: 'ca',
    TLS_CERT: 'cert',
    TLS_KEY: 'key',
  };

  test.for(['', 'ssh://deploy@previews.example.com'])('without keys %j is as the runner has it', (TO) => {
    expect(step('keys', { ...nothing, TO })).toEqual({ code: 0, output: '', outputs: {} });
    expect(written('env') + written('path')).toBe('');
  });

  test('tcp without TLS is a warning', () => {
    expect(step('keys', { ...nothing, TO: 'tcp://a:2375' }).output).toMatch(
      /^::warning title=preview::tcp:\/\/a:2375/,
    );
  });

  test('by ssh: one connection, made once with the key, to the host that is known and no other', () => {
    const { code, output, outputs } = step('keys', {
      ...ssh,
      SSH_KEY: key.trimEnd().replaceAll('\n', '\r\n'),
    });
    expect(code, output).toBe(0);
    const place = outputs['folder'] ?? '';
    const config = readFileSync(join(place, 'config'), 'utf8');
    expect(written('asked')).toBe(`-F ${place}/config -f -N ssh://deploy@previews.example.com:2222\n`);
    expect(written('path')).toBe(`${place}/bin\n`);
    expect(readFileSync(join(place, 'key'), 'utf8')).toBe(key);
    expect(readFileSync(join(place, 'known_hosts'), 'utf8')).toBe('a b c\n');
    for (const line of [
      'StrictHostKeyChecking yes',
      'BatchMode yes',
      `UserKnownHostsFile "${place}/known_hosts"`,
    ])
      expect(config.split('\n')).toContain(line);
    for (const name of readdirSync(place)) expect(statSync(join(place, name)).mode & 0o077).toBe(0);
  });

  test('real ssh understands the configuration', () => {
    const { outputs } = step('keys', { ...ssh, SSH_KEY: key });
    const place = outputs['folder'] ?? '';
    const understood = execFileSync('ssh', ['-G', '-F', join(place, 'config'), 'previews.example.com'], {
      encoding: 'utf8',
    });
    for (const line of [
      `identityfile ${place}/key`,
      `controlpath ${place}/line`,
      'stricthostkeychecking true',
    ])
      expect(understood).toContain(line);
  });

  test('a host that does not let it in is told with the words of ssh', () => {
    const { code, output } = step(
      'keys',
      { ...ssh, SSH_KEY: key },
      'echo "Host key verification failed." >&2; exit 255',
    );
    expect(code).toBe(1);
    expect(output).toContain(
      'Host key verification failed.\n::error title=preview::ssh://deploy@previews.example.com:2222',
    );
    expect(written('path')).toBe('');
  });

  test('by TLS', () => {
    const { code, outputs } = step('keys', tls);
    const place = outputs['folder'] ?? '';
    expect(code).toBe(0);
    expect(written('env')).toBe(`DOCKER_TLS_VERIFY=1\nDOCKER_CERT_PATH=${place}\n`);
    expect(readdirSync(place).toSorted()).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect(statSync(join(place, 'key.pem')).mode & 0o077).toBe(0);
  });

  const hostile = [
    'ssh://-oProxyCommand=id',
    'ssh://a;id',
    'ssh://$(id)@a',
    'ssh://a b',
    'ssh://',
    'unix:///run/docker.sock',
  ];
  test.for([
    ['no known hosts', () => ({ ...ssh, SSH_KEY: key, SSH_KNOWN_HOSTS: '' }), 'ssh-known-hosts is missing'],
    [
      'a key with a passphrase',
      () => ({ ...ssh, SSH_KEY: readFileSync(join(keys, 'locked'), 'utf8') }),
      'is no private key without',
    ],
    ['a key that is none', () => ({ ...ssh, SSH_KEY: 'x' }), 'is no private key without'],
    ...hostile.map(
      (TO) => [TO, () => ({ ...ssh, SSH_KEY: key, TO }), 'is for a docker-host such as'] as const,
    ),
    [
      'TLS for another way',
      () => ({ ...tls, TO: 'ssh://a' }),
      'is for a docker-host that begins with tcp://',
    ],
    ['half of TLS', () => ({ ...tls, TLS_CERT: '' }), 'needs tls-ca and tls-cert'],
  ] as const)('%s is refused, and nobody is asked', ([, env, said]) => {
    const { code, output } = step('keys', env());
    expect(code, output).toBe(1);
    expect(output).toContain(said);
    expect(existsSync(join(folder, 'asked'))).toBe(false);
  });

  test.for([ssh, tls])('is forgotten at the end', (env) => {
    const { outputs } = step('keys', { ...env, SSH_KEY: env === ssh ? key : '' });
    const place = outputs['folder'] ?? '';
    expect(existsSync(place)).toBe(true);
    expect(step('forget', { FOLDER: place })).toMatchObject({ code: 0, output: '' });
    expect(existsSync(place)).toBe(false);
  });
});

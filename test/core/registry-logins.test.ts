import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import { readChallenge, tokenAddress } from '../../src/core/images/challenge.ts';
import {
  credentialHelper,
  helperCredentials,
  serverOf,
  storedCredentials,
} from '../../src/core/images/docker-login.ts';
import { dockerLogins } from '../../src/io/docker-logins.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a challenge', () => {
  test.each([
    ['Basic realm="Registry"', { scheme: 'basic', realm: 'Registry' }],
    ['basic realm=""', { scheme: 'basic', realm: '' }],
    [
      'Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a/b:pull"',
      {
        scheme: 'bearer',
        realm: 'https://auth.example.com/token',
        service: 'registry',
        scope: 'repository:a/b:pull',
      },
    ],
    [
      'BEARER realm="https://auth.example.com/token", service=registry.example.com',
      { scheme: 'bearer', realm: 'https://auth.example.com/token', service: 'registry.example.com' },
    ],
  ])('is read from %s', (header, challenge) => {
    expect(readChallenge(header)).toEqual(challenge);
  });

  test.each(['', 'Negotiate', 'Bearer', 'Bearer realm="nowhere"', 'Basicrealm="x"', 'Digest realm="a"'])(
    'is not %j',
    (header) => {
      expect(readChallenge(header)).toBeUndefined();
    },
  );

  test('leads to the address of a token that may read, with what the realm has in its own', () => {
    const realm = 'https://auth.example.com/token?account=ci';
    expect(tokenAddress({ scheme: 'bearer', realm }, 'a/b')).toBe(`${realm}&scope=repository%3Aa%2Fb%3Apull`);
    const asked = { scheme: 'bearer', realm, service: 's t', scope: 'repository:a/b:pull,push' } as const;
    expect(tokenAddress(asked, 'x')).toBe(`${realm}&service=s+t&scope=repository%3Aa%2Fb%3Apull%2Cpush`);
  });

  test('is read or not, whatever a server says', () => {
    fc.assert(fc.property(fc.string(), (rest) => void readChallenge(`Bearer ${rest}`)));
  });
});

describe('Docker’s configuration', () => {
  const auth = (text: string) => ({ auth: base64(text) });

  test.each([
    ['ghcr.io', 'ghcr.io'],
    ['ghcr.io', 'https://ghcr.io'],
    ['docker.io', 'https://index.docker.io/v1/'],
    ['docker.io', 'docker.io'],
    ['127.0.0.1:5000', '127.0.0.1:5000'],
  ])('has the login of %s under %s', (registry, key) => {
    const login = storedCredentials({ auths: { [key]: auth('ci:to:ken\0\0') } }, registry);
    expect(login).toEqual({ username: 'ci', secret: 'to:ken' });
  });

  test('has an identity token, which goes before a password', () => {
    const auths = { 'a.example.com': { ...auth('ci:x'), identitytoken: 'long' } };
    expect(storedCredentials({ auths }, 'a.example.com')).toEqual({ username: '<token>', secret: 'long' });
  });

  test.each([
    ['nothing', {}],
    ['another registry', { auths: { 'b.example.com': auth('ci:x') } }],
    ['an entry that a helper left empty', { auths: { 'a.example.com': {} } }],
    ['no colon', { auths: { 'a.example.com': auth('ci') } }],
    ['no name', { auths: { 'a.example.com': auth(':x') } }],
    ['no map', { auths: ['a.example.com'] }],
  ])('has no login with %s', (_, config) => {
    expect(storedCredentials(config, 'a.example.com')).toBeUndefined();
  });

  test.each([
    ['a registry’s own helper', { credHelpers: { 'a.example.com': 'gcr' }, credsStore: 'pass' }, 'gcr'],
    ['the helper of all', { credHelpers: { 'b.example.com': 'gcr' }, credsStore: 'pass' }, 'pass'],
    ['none', {}, undefined],
    ['none that is a path', { credsStore: '../bin/sh' }, undefined],
    ['none that is two words', { credsStore: 'pass -x' }, undefined],
  ])('names %s', (_, config, helper) => {
    expect(credentialHelper(config, 'a.example.com')).toBe(helper);
  });

  test.each([
    ['{"ServerURL":"s","Username":"ci","Secret":"x"}', { username: 'ci', secret: 'x' }],
    ['{"Username":"<token>","Secret":"x"}', { username: '<token>', secret: 'x' }],
    ['{"Username":"ci","Secret":""}', undefined],
    ['{"Secret":"x"}', undefined],
    ['credentials not found in native keychain', undefined],
    ['[]', undefined],
  ])('’s helper answers %j', (stdout, credentials) => {
    expect(helperCredentials(stdout)).toEqual(credentials);
  });
});

describe('the logins on this machine', () => {
  let folder = '';
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
  const result = { command: [], stderr: '', timedOut: false, missing: false };
  const configured = async (
    text: string,
    run: Command = async () => ({ ...result, exitCode: 1, stdout: '' }),
  ) => {
    folder = await mkdtemp(join(tmpdir(), 'docker-config-'));
    await writeFile(join(folder, 'config.json'), text);
    vi.stubEnv('DOCKER_CONFIG', folder);
    return dockerLogins(run);
  };

  test('are those of the folder that DOCKER_CONFIG names', async () => {
    const logins = await configured(JSON.stringify({ auths: { 'a.example.com': { auth: base64('ci:x') } } }));
    expect(await logins('a.example.com')).toEqual({ username: 'ci', secret: 'x' });
    expect(await logins('b.example.com')).toBeUndefined();
  });

  test('are asked of the helper, which is told the registry as Docker names it', async () => {
    const asked: unknown[] = [];
    const logins = await configured('{"credsStore":"pass"}', async (argv, { input }) => {
      asked.push([...argv, input]);
      return { ...result, exitCode: 0, stdout: '{"Username":"ci","Secret":"y"}' };
    });
    expect(await logins('docker.io')).toEqual({ username: 'ci', secret: 'y' });
    expect(asked).toEqual([['docker-credential-pass', 'get', serverOf('docker.io')]]);
  });

  test.each(['no JSON', '[]', '{"credsStore":"pass"}'])('are none with %j', async (text) => {
    const logins = await configured(text);
    expect(await logins('a.example.com')).toBeUndefined();
  });

  test('are none without a file', async () => {
    const logins = await configured('{}');
    await rm(folder, { recursive: true });
    expect(await logins('a.example.com')).toBeUndefined();
  });
});

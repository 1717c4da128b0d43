import { describe, expect, test } from 'vitest';
import { places } from '../../src/core/redaction/places.ts';
import { createRedactor } from '../../src/core/redaction/redactor.ts';
import { tokens } from '../../src/core/redaction/tokens.ts';
import { allSamples, samples } from './redaction-samples.ts';

const redactor = createRedactor([]);

describe('a secret that shows by its form', () => {
  test('has a sample of every sort, and there are many', () => {
    const names = [...[...tokens, ...places].map(({ name }) => name), 'Private key'];
    expect(Object.keys(samples).sort()).toEqual(names.sort());
    expect(names.length).toBeGreaterThan(35);
  });

  test.each(allSamples)('%s: %s…', (_, before, secret, after) => {
    expect(redactor.text(before + secret + after)).toBe(`${before}***${after}`);
  });

  test.each(allSamples)('cut anywhere, %s: %s…', (_, before, secret, after) => {
    const text = before + secret + after;
    for (let cut = 1; cut < text.length; cut += 1) {
      const stream = redactor.stream();
      const shown = stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.end();
      expect(shown).toBe(`${before}***${after}`);
    }
  });

  test.each(allSamples)('letter by letter, %s: %s…', (_, before, secret, after) => {
    const stream = redactor.stream();
    const shown = [...before, ...secret, ...after].map((letter) => stream.push(letter)).join('');
    expect(shown + stream.end()).toBe(`${before}***${after}`);
  });

  test.each(allSamples)('after much else in one line, %s: %s…', (_, before, secret, after) => {
    const much = 'lorem ipsum, '.repeat(20_000);
    expect(redactor.text(`${much} ${before}${secret}${after}`)).toBe(`${much} ${before}***${after}`);
  });
});

describe('a published value', () => {
  const published = createRedactor(['public1', 'private1'], ['public1', 'p@ss word', 'a$b']);

  test.each([
    'password=public1',
    '"password": "public1"',
    'postgres://bob:public1@db/x',
    'postgres://bob:p%40ss%20word@db/x',
    'DB_PASSWORD: a$$b',
    'it is public1 everywhere',
    `hex ${Buffer.from('public1').toString('hex')}`,
  ])('stays in %s', (text) => {
    expect(published.text(text)).toBe(text);
  });

  test('does not open longer values or others', () => {
    expect(published.text('password=public12 private1 postgres://a:public@b')).toBe(
      'password=*** *** postgres://a:***@b',
    );
  });
});

describe('no secret is', () => {
  test.each([
    'password=',
    'password: ',
    '"password": ""',
    '"password":null,"user":"bob"',
    'Config(password=null, user=none)',
    'password = [hidden]',
    'token=null',
    'access_token: undefined',
    'secret=false',
    'password=***',
    `"password": "\${DB_PASSWORD}"`,
    'password == other',
    'secret::Type and passwords',
    'password_file=/run/secrets/x',
    'passwordEncoder=BCrypt',
    'PWD=/home/runner',
    'OLDPWD=/home/runner/x',
    'pass: 12, fail: 0',
    'pass=12',
    'compass=north',
    'Unexpected token: }',
    'unexpected token, expected ";"',
    'http://localhost:8080/mail@host',
    'PLAINTEXT://a:29092,CONTROLLER://1@b:9093',
    'docker-image://base:7.2@sha256:0123',
    'git@github.com:paklog/x.git',
    'https://bob:***@db/x',
    'Authorization: required',
    'authorization=disabled',
    'bearer authentication is not configured here',
    'task-00000000-0000-0000-0000-000000000000',
    'auth: SCRAM-SHA-256-PLUS',
    '<password></password>',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  ])('%s', (text) => {
    expect(redactor.text(text)).toBe(text);
  });
});

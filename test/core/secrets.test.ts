import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretName, secretValues } from '../../src/core/redaction/secrets.ts';
import { anyText } from './any-text.ts';

describe('a secret name', () => {
  test.each([
    ...[
      'PASSWORD',
      'password',
      'DB_PASSWORD',
      'db-password',
      'dbPassword',
      'spring.datasource.password',
      'PASSWORD_2',
    ],
    ...[
      'PASSWD',
      'DB_PASS',
      'PASSPHRASE',
      'pwd',
      'DB_PWD',
      'PASSWORD1',
      'PASSWORD_HASH',
      'GF_SECURITY_ADMIN_PASSWORD',
    ],
    ...[
      'SECRET',
      'CLIENT_SECRETS',
      'clientSecret',
      'SECRET_ACCESS_KEY',
      'secretKeyRef',
      'TOKEN',
      'GITHUB_TOKEN',
      'tokens',
    ],
    ...[
      'API_KEY',
      'apiKey',
      'x-api-key',
      'APIKEY',
      'SIGNING_KEY',
      'KEY',
      'SSHKey',
      'S3_SECRET_KEY',
      'API_KEYS',
    ],
    ...[
      'CREDENTIAL',
      'GOOGLE_CREDENTIALS',
      'AWS_CREDS',
      'SENTRY_DSN',
      'NPM_AUTH',
      'DOCKER_AUTH_CONFIG',
      'Authorization',
    ],
    ...[
      'CONNECTION_STRING',
      'ConnectionStrings__Default',
      'connectionString',
      '--requirepass',
      'ACTIONS_RUNTIME_TOKEN',
    ],
  ])('is %s', (name) => {
    expect(secretName(name)).toBe(true);
  });

  test.each([
    ...[
      'PWD',
      'OLDPWD',
      'PATH',
      '',
      '_',
      '1',
      'HOME',
      'KEY_SERIALIZER',
      'MONKEY',
      'KEYBOARD',
      'TURKEY',
      'KEYS_DIR',
    ],
    ...[
      'MONGO_INITDB_ROOT_PASSWORD_FILE',
      'passwordFile',
      'SECRET_PATH',
      'TOKEN_URL',
      'TOKEN_TTL',
      'AUTH_TYPE',
    ],
    ...[
      'SSH_AUTH_SOCK',
      'GF_AUTH_ANONYMOUS_ENABLED',
      'AUTHOR',
      'OAUTHLIB',
      'COMPASS',
      'PASSENGER',
      'BYPASS',
      'TOKENIZER',
    ],
    ...[
      'SECRETARY',
      'MONGO_INITDB_ROOT_USERNAME',
      'AWS_ACCESS_KEY_ID',
      'CONNECTION',
      'STRING',
      'GIT_ASKPASS',
      'kpwd',
    ],
  ])('is not %s', (name) => {
    expect(secretName(name)).toBe(false);
  });

  test('may be anything', () => {
    fc.assert(fc.property(anyText(), (name) => typeof secretName(name) === 'boolean'));
  });
});

describe('values worth hiding', () => {
  test.each<[string, string, string, string[]]>([
    ['a password', 'DB_PASSWORD', 'hunter2', ['hunter2']],
    ['one that another name holds', 'DB_NAME', 'hunter2', []],
    ['a path', 'DB_PASSWORD_FILE', '/run/secrets/x', []],
    ['an empty one', 'DB_PASSWORD', '', []],
    ['blanks', 'DB_PASSWORD', '      ', []],
    ['three letters', 'DB_PASSWORD', 'abc', []],
    ['four letters', 'DB_PASSWORD', 'abcd', ['abcd']],
    ['a switch', 'USE_TOKEN', 'true', []],
    ['a switch in capitals', 'USE_TOKEN', 'FALSE', []],
    ['null', 'TOKEN', 'null', []],
    ['none', 'TOKEN', 'None', []],
    ['a short number', 'TOKEN', '12345', []],
    ['a long number', 'TOKEN', '123456', ['123456']],
    ['a URL’s password', 'DATABASE', 'postgres://bob:hunter2@db:5432/x', ['hunter2']],
    ['a URL’s password, encoded', 'X', 'a://b:p%40ss%20w@c', ['p%40ss%20w', 'p@ss w']],
    ['a URL’s password with a broken encoding', 'X', 'a://b:p%4ss%@c', ['p%4ss%']],
    ['a URL without one', 'X', 'http://localhost:8080/a@b', []],
    ['several URLs', 'X', 'amqp://a:first@b,amqp://c:second@d', ['first', 'second']],
    ['an option', 'JAVA_OPTS', '-Xmx1g -Djavax.net.ssl.keyStorePassword=changeit', ['changeit']],
    ['a file’s line end', 'SECRET', 'hunter2\n', ['hunter2\n', 'hunter2']],
    ['lines of seven and eight letters', 'KEY', '1234567\n12345678', ['1234567\n12345678', '12345678']],
    [
      'several lines',
      'KEY',
      '[\r\n  first line\r\nsecond line\n]',
      ['[\r\n  first line\r\nsecond line\n]', 'first line', 'second line'],
    ],
  ])('%s', (_, name, value, hidden) => {
    expect(secretValues([[name, value]])).toEqual(hidden);
  });

  test('of many names, each once', () => {
    const named = Object.entries({ A_TOKEN: 'hunter2', HOME: '/home', B_TOKEN: 'hunter2', C_KEY: 'other' });
    expect(secretValues(named)).toEqual(['hunter2', 'other']);
  });

  test('never fail', () => {
    fc.assert(
      fc.property(anyText(), anyText({ maxLength: 200 }), (name, value) => {
        for (const secret of secretValues([[name, value]])) expect(secret.length).toBeGreaterThan(3);
      }),
    );
    expect(secretValues([['X', `password="${'x\\'.repeat(2_000_000)}`]]).length).toBeGreaterThan(0);
  });
});

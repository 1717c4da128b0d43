import { describe, expect, test } from 'vitest';
import { redactJson } from '../../src/core/redaction/redact-json.ts';

const hidden = '***';

test.each<[string, unknown, unknown]>([
  ['a map', { DB_PASSWORD: 'x', DB_USER: 'bob' }, { DB_PASSWORD: hidden, DB_USER: 'bob' }],
  ['a list', ['DB_PASSWORD=a=b', 'DB_USER=bob', 'API_KEY'], ['DB_PASSWORD=***', 'DB_USER=bob', 'API_KEY']],
  ['a pair', { name: 'API_KEY', value: 'x' }, { name: 'API_KEY', value: hidden }],
  ['a pair of another program', [{ Key: 'apiKey', Value: 'x' }], [{ Key: 'apiKey', Value: hidden }]],
  ['a pair that is none', { name: 'PORT', value: 'x' }, { name: 'PORT', value: 'x' }],
  ['a number', { password: 1234 }, { password: hidden }],
  ['a list below', { tokens: ['a', 'b'] }, { tokens: [hidden, hidden] }],
  [
    'a map below',
    { auth: { on: true, user: 'bob', deep: ['x'] } },
    { auth: { on: true, user: hidden, deep: [hidden] } },
  ],
  ['nothing', { password: null, secret: '', token: false }, { password: null, secret: '', token: false }],
  ['a path', { PASSWORD_FILE: '/run/x', PWD: '/home' }, { PASSWORD_FILE: '/run/x', PWD: '/home' }],
  [
    'an argument',
    ['tool', '--password', 'x', '--requirepass', 'y'],
    ['tool', '--password', hidden, '--requirepass', hidden],
  ],
  ['an argument in one', ['--password=x'], ['--password=***']],
  ['an argument without a value', ['--password', '--user'], ['--password', '--user']],
  ['a URL', { url: 'amqp://bob:x@h' }, { url: 'amqp://bob:***@h' }],
  [
    'a command',
    { test: ['CMD-SHELL', 'ping password=hunter2'] },
    { test: ['CMD-SHELL', 'ping password=***'] },
  ],
  ['a scalar', 'text', 'text'],
  ['null', null, null],
])('%s', (_, json, copy) => {
  expect(redactJson(json)).toEqual(copy);
});

describe('a Compose model', () => {
  const model = {
    services: {
      db: {
        image: 'db:1',
        environment: {
          DB_PASSWORD: 'pa$$word',
          DB_USER: 'bob',
          URL: 'db://bob:pa$$word@db',
          OTHER_SECRET: 'own',
        },
        build: { args: { NPM_TOKEN: 'x' }, secrets: [{ source: 'npm' }] },
        secrets: [{ source: 'db_password', target: '/run/secrets/db_password' }],
        ports: [{ target: 1, published: '1' }],
      },
    },
    secrets: {
      db_password: { name: 'p_db_password', file: './password.txt' },
      api_key: { environment: 'API_KEY' },
      inline: { content: 'x', external: true },
      odd: 'x',
    },
  };

  test('hides values, and keeps what explains them', () => {
    expect(redactJson(model)).toEqual({
      services: {
        db: {
          ...model.services.db,
          environment: {
            DB_PASSWORD: hidden,
            DB_USER: 'bob',
            URL: `db://bob:${hidden}@db`,
            OTHER_SECRET: hidden,
          },
          build: { args: { NPM_TOKEN: hidden }, secrets: [{ source: 'npm' }] },
        },
      },
      secrets: {
        db_password: { name: 'p_db_password', file: './password.txt' },
        api_key: { environment: 'API_KEY' },
        inline: { content: hidden, external: true },
        odd: hidden,
      },
    });
  });

  test('keeps published values, whose $ it has twice', () => {
    const copy = redactJson(model, ['pa$word']);
    expect(copy).toMatchObject({
      services: {
        db: { environment: { ...model.services.db.environment, OTHER_SECRET: hidden } },
      },
    });
  });

  test('is a copy', () => {
    const before = structuredClone(model);
    redactJson(model);
    expect(model).toEqual(before);
  });
});

test('keys such as __proto__ are keys', () => {
  const json = JSON.parse('{"__proto__": {"password": "x"}, "constructor": "y"}');
  expect(JSON.stringify(redactJson(json))).toBe('{"__proto__":{"password":"***"},"constructor":"y"}');
});

test.each([
  ['{"a":', '}'],
  ['[', ']'],
  ['{"password":', '}'],
  ['{"secrets":', '}'],
])('nesting without end is hidden: %s', (open, close) => {
  const json = JSON.parse(`${open.repeat(5000)}"deep"${close.repeat(5000)}`);
  const text = JSON.stringify(redactJson(json));
  expect(text).not.toContain('deep');
  expect(text).toContain(hidden);
});

import { expect, test } from 'vitest';
import {
  everydayWords,
  modelSecrets,
  publishedValues,
  secretFiles,
} from '../../src/core/redaction/model-secrets.ts';

const model = {
  services: {
    shop: {
      environment: { DB_PASSWORD: 'pa$$$$word-1', PLAIN: 'harmless', URL: 'amqp://shop:qrs-987@queue' },
      build: { args: { NPM_TOKEN: 'token-of-build' } },
    },
    list: { environment: ['API_KEY=key=with=signs', 'EMPTY_SECRET', 'COLOUR=blue'] },
    bare: {},
  },
  secrets: {
    inline: { content: 'inline-content' },
    variable: { environment: 'FROM_ENV' },
    absent: { environment: 'NOT_THERE' },
    file: { file: '/run/file.txt' },
  },
};

test('secrets are found in environments, URLs, build arguments and the model’s own secrets', () => {
  const found = modelSecrets(model, { FROM_ENV: 'value-of-variable' });
  expect([...found].sort()).toEqual(
    [
      'pa$$word-1',
      'qrs-987',
      'token-of-build',
      'key=with=signs',
      'inline-content',
      'value-of-variable',
    ].sort(),
  );
});

test('names of services and images are everyday words', () => {
  const json = { services: { orders: { image: 'host:5000/library/postgres:17@sha256:0' }, built: {} } };
  expect(everydayWords(json)).toEqual(expect.arrayContaining(['orders', 'postgres', 'built', 'admin']));
  expect(everydayWords({})).not.toContain('');
});

test('the files that hold secrets are named', () => {
  expect(secretFiles(model)).toEqual(['/run/file.txt']);
});

test('what the stack’s own file gives under secret names is published', () => {
  expect(publishedValues(model)).toEqual(['pa$$word-1', 'token-of-build', 'key=with=signs']);
});

test.each([[{}], [{ services: null }], [{ services: { a: null }, secrets: [] }]])(
  'a model without any has none: %j',
  (json) => {
    expect([modelSecrets(json, {}), publishedValues(json), secretFiles(json)]).toEqual([[], [], []]);
  },
);

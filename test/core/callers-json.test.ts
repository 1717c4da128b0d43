import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsProblem, messagesOf } from '../../src/core/catalogue/callers-json.ts';
import { anyText } from './any-text.ts';

describe('a file that needs fields', () => {
  test.each([
    ['{"title":"a","panels":[]}', undefined],
    ['{"title":"","panels":false,"more":1}', undefined],
    ['{"title":"a"}', 'has no `panels` at its top'],
    ['{"inner":{"title":"a","panels":[]}}', 'has no `title`, `panels` at its top'],
    ['[{"title":"a"}]', 'is JSON, but no object'],
    ['"title"', 'is JSON, but no object'],
    ['{"problem":"mine"}', 'has no `title`, `panels` at its top'],
  ])('%s: %s', (text, problem) => {
    expect(fieldsProblem(text, ['title', 'panels'])).toBe(problem);
  });

  test.each(['', '{', 'title: a', '{"title":"a",}'])('and is no JSON: %j', (text) => {
    expect(fieldsProblem(text, ['title'])).toMatch(/^is no JSON: \S/);
  });

  test('is never an error, whatever it holds', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 100 }), (text) => {
        expect(fieldsProblem(text, ['title'])).toMatch(/^(has no|is )/);
      }),
    );
  });
});

describe('messages', () => {
  const rule = (path: string, ...fields: string[]) => ({
    fields,
    system: 'store',
    endpoint: 'e',
    path,
    status: [200],
  });
  const rules = [
    rule('/schemas', 'schemaName'),
    rule('/both', 'tableName', 'schema'),
    rule('/tables', 'tableName'),
  ];
  const read = (files: Readonly<Record<string, string>>) =>
    messagesOf(
      {
        kind: 'send',
        input: 'tables',
        system: 'store',
        files: Object.keys(files),
        rules,
        after: [],
        messages: [],
      },
      new Map(Object.entries(files)),
    );

  test('go in the order of the rules, and within a rule as they were given', () => {
    const { messages, problems } = read({
      't2.json': '{"tableName":"b"}',
      'all.json': '{"tableName":"c","schema":{}}',
      't1.json': '{"tableName":"a","schemaName2":1}',
      's.json': '{"schemaName":"a","tableName":"x"}',
    });
    expect(problems).toEqual([]);
    expect(messages.map(({ file, rule: { path } }) => `${path} ${file}`)).toEqual([
      '/schemas s.json',
      '/both all.json',
      '/tables t2.json',
      '/tables t1.json',
    ]);
    expect(messages[0]?.body).toBe('{"schemaName":"a","tableName":"x"}');
  });

  test('are not made of what no rule knows, and every such file is named', () => {
    const { messages, problems } = read({ 'a.json': '{"schema":{}}', 'b.json': '{', 'c.json': '[]' });
    expect(messages).toEqual([]);
    expect(problems.map(({ where, what }) => `${where}: ${what.replace(/JSON: .*/, 'JSON')}`)).toEqual([
      'tables: "a.json" has none of `schemaName`, `tableName` and `schema`, `tableName` at its top',
      'tables: "b.json" is no JSON',
      'tables: "c.json" is JSON, but no object',
    ]);
  });
});

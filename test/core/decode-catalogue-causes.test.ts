import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { mayRunAway } from '../../src/core/catalogue/pattern.ts';

const whole = { code: 'STORE_TORN', log: 'torn', why: 'It is torn.', advice: 'Mend it.' };

function decoded(...causes: readonly unknown[]) {
  const { catalogue, problems } = decodeCatalogue({ systems: { store: { causes } } });
  const found = catalogue.systems.get('store')?.causes;
  return { found, problems: problems.map(({ where, what }) => `${where}: ${what}`) };
}

describe('a known cause', () => {
  test('has conditions, and words for a person', () => {
    const cause = {
      code: 'STORE_TORN',
      log: 'page (\\d+) is torn$$',
      unless: 'mended',
      quote: '^error',
      answer: 'HTTP 5..',
      'exit-code': [3, '4'],
      why: ' It is torn. ',
      advice: 'Mend it.\n',
    };
    expect(decoded(cause)).toEqual({
      found: [
        {
          code: 'STORE_TORN',
          log: /page (\d+) is torn$$/i,
          unless: /mended/i,
          quote: /^error/i,
          answer: /HTTP 5../i,
          exitCodes: [3, 4],
          why: 'It is torn.',
          advice: 'Mend it.',
        },
      ],
      problems: [],
    });
  });

  test.each([
    [{ 'exit-code': 0 }, [0]],
    [{ 'exit-code': '139' }, [139]],
    [{ 'exit-code': [132, 139] }, [132, 139]],
  ])('may be known by %j', (more, exitCodes) => {
    const { found, problems } = decoded({ ...whole, log: undefined, ...more });
    expect(problems).toEqual([]);
    expect(found?.[0]?.exitCodes).toEqual(exitCodes);
    expect(found?.[0]).not.toHaveProperty('log');
  });

  test('keeps its place among several', () => {
    const second = { ...whole, code: 'SECOND' };
    expect(decoded(whole, second).found?.map(({ code }) => code)).toEqual(['STORE_TORN', 'SECOND']);
  });

  test('is none where there are none', () => {
    expect(decoded().found).toBeUndefined();
  });
});

test('the example in the documentation has no mistake', () => {
  const text = readFileSync(new URL('../../docs/catalogue.md', import.meta.url), 'utf8');
  const [, block = ''] = /```yaml\n(causes:[\s\S]*?)```/.exec(text) ?? [];
  const { found, problems } = decoded(...parse(block).causes);
  expect(problems).toEqual([]);
  expect(found).toMatchObject([
    { code: 'ORDERS_SCHEMA_OLD', unless: /migration finished/i, exitCodes: [1, 3] },
    { code: 'ORDERS_NOT_LICENSED', answer: /^HTTP 402/i },
  ]);
});

const at = 'x-paklog.systems.store.causes[0]';

describe('a mistake is reported with its place, and the cause is left out', () => {
  test.each<[object, string]>([
    [{ code: undefined }, `${at}.code: "" is no code, such as DISK_FULL`],
    [{ code: 'store-torn' }, `${at}.code: "store-torn" is no code, such as DISK_FULL`],
    [{ log: '(' }, `${at}.log: "(" is not a regular expression`],
    [{ log: ['a', 'b'] }, `${at}.log: must be a regular expression`],
    [{ quote: '[' }, `${at}.quote: "[" is not a regular expression`],
    [{ log: '(a+)+$' }, `${at}.log: "(a+)+$" repeats what itself repeats or chooses, and may take for ever`],
    [
      { unless: '(a|b)*c' },
      `${at}.unless: "(a|b)*c" repeats what itself repeats or chooses, and may take for ever`,
    ],
    [{ log: undefined }, `${at}: needs \`log\`, \`answer\` or \`exit-code\` to be known by`],
    [{ why: ' ' }, `${at}: needs \`why\` and \`advice\` for the person who reads it`],
    [{ advice: undefined }, `${at}: needs \`why\` and \`advice\` for the person who reads it`],
    [{ 'exit-code': 256 }, `${at}.exit-code: 256 is no exit code, 0 to 255, nor a list of them`],
    [{ 'exit-code': [] }, `${at}.exit-code: [] is no exit code, 0 to 255, nor a list of them`],
    [{ 'exit-code': 'any' }, `${at}.exit-code: "any" is no exit code, 0 to 255, nor a list of them`],
    [{ 'exit-code': '' }, `${at}.exit-code: "" is no exit code, 0 to 255, nor a list of them`],
    [
      { exitcode: 3 },
      `${at}: "exitcode" is none of code, log, unless, quote, answer, exit-code, why, advice`,
    ],
  ])('%j', (more, problem) => {
    expect(decoded({ ...whole, ...more }, { ...whole, code: 'SECOND' })).toMatchObject({
      found: [{ code: 'SECOND' }],
      problems: [problem],
    });
  });

  test.each([['text'], [7], [{ code: 'A' }]])('causes that are %j', (causes) => {
    const { problems } = decodeCatalogue({ systems: { store: { causes } } });
    expect(problems).toEqual([{ where: 'x-paklog.systems.store.causes', what: 'must be a list' }]);
  });

  test.each([[null], ['text'], [[]]])('a cause that is %j', (cause) => {
    const { found, problems } = decoded(cause);
    expect(found).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe('a pattern that may run away', () => {
  test.each([
    '(a+)+',
    '(a*)*',
    '(?:a?b?)*',
    '(a|b)+',
    '((a+)b)*',
    '(a+){2,}',
    '(?<x>a*)+?',
    '(\\d+)+',
    '([^"]*)+',
  ])('%s', (pattern) => {
    expect(mayRunAway(new RegExp(pattern))).toBe(true);
  });

  test.each([
    'a+b*c?',
    '(a+)?b',
    '(?:ab)+',
    '[(a+)+]*',
    '\\(a+\\)+',
    '(a|b)c',
    '(?:a|b)?',
    '(?!a+)b',
    'x{1,40}(y)+',
    '^no answer within \\d+ ms: .{18}([a-z0-9][a-z0-9.-]*?)',
  ])('is not %s', (pattern) => {
    expect(mayRunAway(new RegExp(pattern))).toBe(false);
  });
});

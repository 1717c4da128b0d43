import { expect, test } from 'vitest';
import { repository } from './made-up.ts';
import { noAny, noEmptyNames, noModuleMocks, sizesStaySmall } from './style.ts';

test('module mocks, any and empty names are found; their mention in text is not', () => {
  const files = repository({
    'test/a.test.ts': `import { vi } from 'vitest';\n${['vi', "mock('./b.ts');"].join('.')}`,
    'src/b.ts': "// any vi.mock\nconst x = 'any';\nexport function f(y: any): string { return x + y; }",
    'src/port-utils.ts': '',
    'src/managers.ts': '',
    'src/managed.ts': '',
  });
  expect(noModuleMocks(files)).toEqual(['test/a.test.ts:2: mocks a module']);
  expect(noAny(files)).toEqual(['src/b.ts:3: any']);
  expect(noEmptyNames(files).map((found) => found.split(':')[0])).toEqual([
    'src/port-utils.ts',
    'src/managers.ts',
  ]);
});

const limits = { fileLines: 10, functionLines: 3, entryLines: 2, entries: ['src/main.ts'], exceptions: {} };
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const a${index} = 1;\n`).join('');

test('a file at its limit is fine, one line more is not; an entry has less', () => {
  const files = repository({
    'src/at.ts': lines(10),
    'src/above.ts': lines(11),
    'src/main.ts': lines(3),
    'docs/long.md': lines(99),
  });
  expect(sizesStaySmall(files, limits)).toEqual([
    'src/above.ts: 11 lines, more than 10',
    'src/main.ts: 3 lines, more than 2',
  ]);
});

test('an exception excuses, until it is needed no more', () => {
  const files = repository({ 'src/long.ts': lines(11), 'src/short.ts': lines(1) });
  const exceptions = { 'src/long.ts': 'a table', 'src/short.ts': 'once', 'src/gone.ts': 'once' };
  expect(sizesStaySmall(files, { ...limits, exceptions })).toEqual([
    'src/short.ts: needs no exception any more',
    'src/gone.ts: an exception for a file that is not there',
  ]);
});

test('long functions of every form are found; a describe is none', () => {
  const body = '{\n  a();\n  b();\n}';
  const files = repository({
    'src/a.ts': `export function f() ${body}\nconst g = () => ${body};\nconst h = { m() ${body} };`,
    'test/a.test.ts': `describe('x', () => ${body});\ntest('y', () => ${body});`,
  });
  expect(sizesStaySmall(files, { ...limits, fileLines: 99 })).toEqual([
    'src/a.ts:1: a function of 4 lines, more than 3',
    'src/a.ts:5: a function of 4 lines, more than 3',
    'src/a.ts:9: a function of 4 lines, more than 3',
    'test/a.test.ts:5: a function of 4 lines, more than 3',
  ]);
});

import { expect, test } from 'vitest';
import {
  coreStaysPure,
  onlyEntriesAct,
  outsideWorldsStayApart,
  packagesHaveOneDoor,
  sourceStandsAlone,
} from './layers.ts';
import { repository } from './made-up.ts';

test.for([
  ["import { join } from 'node:path';", 'node:path'],
  ["import type { Runner } from '../io/runner.ts';", '../io/runner.ts'],
  ["export { info } from '@actions/core';", '@actions/core'],
  ["export const later = () => import('node:fs');", 'node:fs'],
  ["import { up } from '../up.ts';", '../up.ts'],
])('the core may not: %s', ([text, specifier]) => {
  const files = repository({ 'src/core/plan.ts': `// a line\n${text}` });
  expect(coreStaysPure(files, ['yaml'])).toEqual([`src/core/plan.ts:2: core imports ${specifier}`]);
});

test('the core may import itself and pure packages; others may import anything', () => {
  const files = repository({
    'src/core/plan.ts':
      "import { parse } from 'yaml';\nimport { a } from './a.ts';\nexport { b } from './deep/b.ts';",
    'src/up.ts': "import { join } from 'node:path';",
  });
  expect(coreStaysPure(files, ['yaml'])).toEqual([]);
});

test('the core of smoke may import both cores and nothing else, and src nothing of smoke', () => {
  const files = repository({
    'smoke/core/check.ts': "import { a } from '../../src/core/a.ts';\nimport { b } from './b.ts';",
    'smoke/core/bad.ts': "import { a } from '../clients/a.ts';\nimport { up } from '../../src/up.ts';",
    'src/core/bad.ts': "import { check } from '../../smoke/core/check.ts';",
  });
  expect(coreStaysPure(files, [])).toEqual([
    'src/core/bad.ts:1: core imports ../../smoke/core/check.ts',
    'smoke/core/bad.ts:1: core imports ../clients/a.ts',
    'smoke/core/bad.ts:2: core imports ../../src/up.ts',
  ]);
  expect(sourceStandsAlone(files)).toEqual(['src/core/bad.ts:1: src imports ../../smoke/core/check.ts']);
});

test('io that knows io is found, also by its types', () => {
  const files = repository({
    'src/io/docker.ts': "import type { Ran } from './command.ts';\nimport { a } from '../core/a.ts';",
    'src/up.ts': "import { docker } from './io/docker.ts';",
    'smoke/clients/queue.ts':
      "import { run } from '../../src/io/command.ts';\nimport { b } from '../core/b.ts';",
  });
  expect(outsideWorldsStayApart(files)).toEqual([
    'src/io/docker.ts:1: io imports io, ./command.ts',
    'smoke/clients/queue.ts:1: io imports io, ../../src/io/command.ts',
  ]);
});

test.for([
  ['unused', { 'src/io/a.ts': '' }, 'by nothing'],
  ['outside io', { 'src/up.ts': "import 'tool/deep';" }, 'by src/up.ts'],
  [
    'met twice',
    { 'src/io/a.ts': "import 'tool';", 'src/io/b.ts': "import 'tool';" },
    'by src/io/a.ts, src/io/b.ts',
  ],
] as const)('a package that is %s', ([, files, how]) => {
  expect(packagesHaveOneDoor(repository(files), ['tool'], ['yaml'])).toEqual([
    `package.json: tool is imported ${how}, not by one file of src/io or smoke/clients`,
  ]);
});

test('a package with one door, a pure one anywhere, and one that is no dependency', () => {
  const files = repository({
    'src/io/a.ts': "import * as tool from '@some/tool/part';\nimport 'node:fs';",
    'smoke/clients/a.ts': "import { Client } from 'queue';",
    'src/core/b.ts': "import 'yaml';",
    'src/core/c.ts': "import 'yaml';\nimport 'left-pad';",
  });
  const dependencies = ['@some/tool', 'queue', 'yaml'];
  expect(packagesHaveOneDoor(files, dependencies, ['yaml'])).toEqual([
    'src/core/c.ts:2: left-pad is no dependency',
  ]);
});

test.for([
  'await up();',
  "process.on('exit', stop);",
  'const started = Date.now();',
  'export const config = readConfig();',
  "if (ready) log('x');",
  'export default run();',
  'const client = new Client();',
])('importing may not act: %s', (text) => {
  const files = repository({ 'src/up.ts': text, 'smoke/a.ts': text, 'src/main.ts': text });
  expect(onlyEntriesAct(files, ['src/main.ts'])).toEqual([
    'src/up.ts:1: acts when it is imported',
    'smoke/a.ts:1: acts when it is imported',
  ]);
});

test.for([
  "const names = new Set(['a'].map((name) => name.trim()));",
  'export const table: Table = { run: () => start(), all: Object.keys(other) };',
  'export async function up(): Promise<void> { await go(); }',
  'export type A = 1; interface B { readonly a: A }',
  "const pattern = /x/; let cache: string | undefined; export { pattern }; export * from './b.ts';",
])('importing may declare: %s', (text) => {
  expect(onlyEntriesAct(repository({ 'src/up.ts': text }), [])).toEqual([]);
});

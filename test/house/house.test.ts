import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  coreStaysPure,
  onlyEntriesAct,
  outsideWorldsStayApart,
  packagesHaveOneDoor,
  sourceStandsAlone,
} from './layers.ts';
import { actionRuns } from './manifest.ts';
import type { SourceFile } from './source.ts';
import { noAny, noEmptyNames, noModuleMocks, sizesStaySmall } from './style.ts';
import { type ComposeNames, noWorkplace, sourceNamesNoSystem, stackWords } from './words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What git tracks, and what it would: a rule is broken before the commit, not after. */
const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
const files: readonly SourceFile[] = execFileSync('git', listing, { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const own = files.filter(({ path }) => /^(src|smoke|test|scripts)\//.test(path));
const textOf = (path: string): string => files.find((file) => file.path === path)?.text ?? '';

const entries = [
  'src/main.ts',
  'src/post.ts',
  'src/down-action.ts',
  'src/preview.ts',
  'src/cache-worker.ts',
  'smoke/main.ts',
  'smoke/local.ts',
];
const purePackages = ['yaml'];

test('the core imports itself and pure packages', () => {
  expect(coreStaysPure(files, purePackages)).toEqual([]);
});

test('files of src/io and smoke/clients do not know each other', () => {
  expect(outsideWorldsStayApart(files)).toEqual([]);
});

test('src knows nothing of what is beside it', () => {
  expect(sourceStandsAlone(files)).toEqual([]);
});

test('only the entries act when they are imported', () => {
  expect(onlyEntriesAct(files, entries)).toEqual([]);
});

test('every package is imported by one file of src/io or smoke/clients', () => {
  const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
  expect(packagesHaveOneDoor(files, Object.keys(dependencies), purePackages)).toEqual([]);
});

test('no module mocks, no any, no empty names', () => {
  expect([...noModuleMocks(own), ...noAny(own), ...noEmptyNames(own)]).toEqual([]);
});

test('files, functions and entries stay small', () => {
  const exceptions = {};
  const limits = { fileLines: 200, functionLines: 40, entryLines: 15, entries, exceptions };
  expect(sizesStaySmall(own, limits)).toEqual([]);
});

test('the source names no system of the stack', () => {
  const compose = parse(textOf('compose/compose.yaml'), { merge: true }) as ComposeNames;
  const alsoFolders = ['core'];
  const words = stackWords(compose, alsoFolders);
  expect(words.length).toBeGreaterThan(Object.keys(compose.services).length);
  expect(sourceNamesNoSystem(files, words)).toEqual([]);
});

test('no file speaks of one machine or one registry', () => {
  expect(noWorkplace(files)).toEqual([]);
});

test('action.yml names entries that are there', () => {
  expect(actionRuns(files)).toEqual([]);
});

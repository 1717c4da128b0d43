import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const here = new URL('./', import.meta.url);
const logs = readdirSync(new URL('logs/', here)).filter((file) => file.endsWith('.txt'));
const names = logs.map((file) => file.replace('.txt', '')).toSorted();

test('every log has its place in the table that says where it comes from', () => {
  const rows = readFileSync(new URL('logs/README.md', here), 'utf8').split('\n');
  const cells = rows.filter((row) => row.startsWith('| `')).map((row) => row.split(' | ')[0] ?? '');
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  expect(listed.toSorted()).toEqual(names);
});

test('every log is read by a test', () => {
  const tests = readdirSync(here).filter((file) => file.endsWith('.test.ts'));
  const text = tests.map((file) => readFileSync(new URL(file, here), 'utf8')).join('\n');
  // These are named after the systems that they belong to.
  const unread = names.filter((name) => !name.startsWith('healthy-') && !text.includes(`'${name}'`));
  expect(unread).toEqual([]);
});

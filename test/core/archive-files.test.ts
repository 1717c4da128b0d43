import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveFiles } from '../../src/io/archive-files.ts';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'archives-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('a container may write into the folder and read the file, whoever it runs as', async () => {
  const folder = join(root, 'warm', 'app');
  await archiveFiles.makeFolder(folder);
  await archiveFiles.makeFolder(folder);
  expect(await modeOf(folder)).toBe(0o777);
  expect(await modeOf(join(root, 'warm'))).toBe(0o700);
  await archiveFiles.writeText(join(folder, 'list'), 'a\n');
  expect(await modeOf(join(folder, 'list'))).toBe(0o644);
});

test('of a file its beginning and its size are looked at, and nothing is where there is none', async () => {
  const file = join(root, 'file');
  await writeFile(file, 'begin'.padEnd(1000, '.'));
  const found = await archiveFiles.look(file);
  expect(found?.size).toBe(1000);
  expect(Buffer.from(found?.start ?? []).toString()).toBe('begin'.padEnd(64, '.'));
  expect(await archiveFiles.look(join(root, 'no', 'file'))).toBeUndefined();
  expect(await archiveFiles.look(root)).toBeUndefined();
});

test('a folder is listed with sizes, and a missing one is empty', async () => {
  const folder = join(root, 'list');
  await archiveFiles.makeFolder(folder);
  await writeFile(join(folder, 'a'), '123');
  expect(await archiveFiles.list(folder)).toEqual([{ name: 'a', size: 3 }]);
  expect(await archiveFiles.list(join(root, 'none'))).toEqual([]);
});

test('a file moves into a folder that was not there', async () => {
  await writeFile(join(root, 'moving'), 'x');
  await archiveFiles.move(join(root, 'moving'), join(root, 'new', 'moved'));
  expect(await readFile(join(root, 'new', 'moved'), 'utf8')).toBe('x');
});

test('the order of a file system is the same every time, names all files, and leaves none', async () => {
  const folder = join(root, 'order');
  await archiveFiles.makeFolder(folder);
  const order = await archiveFiles.listingOrder(folder);
  expect(await archiveFiles.listingOrder(folder)).toBe(order);
  const numbers = order.split(' ').map(Number);
  expect([...numbers].sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index));
  expect(await readdir(folder)).toEqual([]);
});

test('a hash tells texts apart', () => {
  expect(archiveFiles.hash('a')).toMatch(/^[0-9a-f]{64}$/);
  expect(archiveFiles.hash('a')).not.toBe(archiveFiles.hash('b'));
});

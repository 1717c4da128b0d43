import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { SentFile, Source } from '../core/preview/mounts.ts';

/** Files of the runner that go along with a preview. */
export interface SourceFiles {
  /** The text files at a path, itself or everything below it, or why they cannot go along. They have to be below one of the roots. */
  read(path: string, roots: readonly string[]): Promise<Source>;
}

/** Docker's limit for one config was 500 kB before version 28. Bytes. */
const largest = 500_000;
const mostFiles = 100;

export const sourceFiles: SourceFiles = {
  read: async (path, roots) => {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return 'there is no such file here. Use a named volume for data';
    const below = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
    if (!below.some((root) => real === root || real.startsWith(root + sep)))
      return 'it is outside of the checkout, and the preview’s host has no such path. Use a named volume';
    try {
      const files = await collect(real, '', below);
      return typeof files === 'string' ? files : files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    } catch (error) {
      return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
    }
  },
};

async function collect(real: string, path: string, roots: readonly string[]): Promise<Source> {
  const found = await stat(real);
  if (found.isFile()) return readText(real, path, found);
  if (!found.isDirectory()) return 'it is neither a file nor a folder';
  const all: SentFile[] = [];
  for (const name of await readdir(real)) {
    const inner = await realpath(join(real, name));
    if (!roots.some((root) => inner.startsWith(root + sep))) return `${name} in it leads out of the checkout`;
    const files = await collect(inner, path === '' ? name : `${path}/${name}`, roots);
    if (typeof files === 'string') return files;
    all.push(...files);
    if (all.length > mostFiles)
      return `it has more than ${mostFiles} files. Copy them in the image's Dockerfile instead`;
  }
  return all;
}

async function readText(
  real: string,
  path: string,
  { size, mode }: { readonly size: number; readonly mode: number },
): Promise<Source> {
  const name = path === '' ? 'it' : path;
  if (size > largest) return `${name} has more than 500 kB. Copy it in the image's Dockerfile instead`;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(real));
    return [{ path, text, executable: (mode & 0o100) !== 0 }];
  } catch {
    return `${name} is no text in UTF-8. Copy it in the image's Dockerfile instead`;
  }
}

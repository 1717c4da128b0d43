import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from './source.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** This repository's files: what git tracks, and what it would, so that a rule is broken before the commit and not after. */
export function ownFiles(...patterns: readonly string[]): readonly SourceFile[] {
  const listing = [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--deduplicate',
    ...patterns,
  ];
  return execFileSync('git', listing, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

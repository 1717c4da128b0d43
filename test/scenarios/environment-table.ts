import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './caller-stack.ts';

/** The environment that the README promises: names with their values for fixed ports, by set. */
export async function promisedEnvironment(): Promise<
  Readonly<Record<string, Readonly<Record<string, string>>>>
> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const [, table = ''] = /<!-- generated: environment -->(.*?)<!-- end -->/s.exec(readme) ?? [];
  const sets: Record<string, Record<string, string>> = {};
  for (const [, set = '', name = '', value = ''] of table.matchAll(
    /^\| *(\w+) *\| *`(\w+)` *\| *`(.*?)` *\|/gm,
  )) {
    sets[set] = { ...sets[set], [name]: value };
  }
  return sets;
}

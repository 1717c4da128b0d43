import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameSelf } from '../runner/act.ts';
import { fixture } from '../runner/fixtures/scripted.ts';

const folder = fileURLToPath(new URL('./downstream', import.meta.url));
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** The workflow of a service's repository, in which the checks end like this. */
export function workflow(outcome: 'green' | 'red' | 'waiting'): string {
  return textOf('.github/workflows/ci.yml').replace('OUTCOME=green', `OUTCOME=${outcome}`);
}

/** The rest of that repository. */
export const files = { 'check.sh': textOf('check.sh') };

/**
 * What act finds under the names that service-ci.yml uses: a copy of this repository, and for the actions of others one that only
 * prints its inputs. act has its own checkout, and reads every action, also one that is left out.
 */
export async function repositories(copy: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(copy, '.github/workflows/service-ci.yml'), 'utf8');
  const others = [...text.matchAll(/uses: ([\w-]+\/[\w-]+@[0-9a-f]{40})/g)].map(([, uses = '']) => uses);
  return {
    'paklog/infra-action@v1': copy,
    ...Object.fromEntries(others.map((uses) => [uses, fixture('told')])),
  };
}

/** Makes a repository with this one's service-ci.yml and an action at its root that prints its inputs instead of starting anything. */
export async function copyTold(copy: string): Promise<void> {
  const path = '.github/workflows/service-ci.yml';
  const source = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  await cp(fixture('told'), copy, { recursive: true });
  await mkdir(dirname(join(copy, path)), { recursive: true });
  await writeFile(join(copy, path), nameSelf(await readFile(source, 'utf8'), 'paklog/infra-action', 'v1'));
}

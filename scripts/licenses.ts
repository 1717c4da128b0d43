// The licenses of all packages in a bundle, from ncc's statistics: `node scripts/licenses.ts STATS > licenses.txt`. ncc's own
// `--license` writes one file for each chunk under the same name, so that of several chunks only the last one's packages stay.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Module {
  readonly nameForCondition?: string | null;
  readonly modules?: readonly Module[];
}

/** Folders of packages, also of those that are inside another one. */
function packagesOf({ nameForCondition, modules = [] }: Module): readonly string[] {
  const [own] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(nameForCondition ?? '') ?? [];
  return [...(own === undefined ? [] : [own]), ...modules.flatMap(packagesOf)];
}

function license(folder: string): string {
  const { name, license: kind = '' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((each) => /^licen[cs]e([.-].*)?$/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trimEnd();
  return `${[name, kind, text].filter((part) => part !== '').join('\n')}\n`;
}

const [stats = ''] = process.argv.slice(2);
const bundle = JSON.parse(readFileSync(stats, 'utf8')) as Module;
const licenses = [...new Set(packagesOf(bundle))].map(license);
process.stdout.write([...new Set(licenses)].sort().join('\n'));

import { posix } from 'node:path';
import { parse } from 'yaml';
import type { SourceFile, Violations } from './source.ts';

/**
 * An action.yml whose entries are not in the repository works for nobody. The action at the root takes down in post what main
 * brings up; the others, one folder deep, are main alone.
 */
export function actionRuns(files: readonly SourceFile[]): Violations {
  const manifests = files.filter(({ path }) => /^([\w-]+\/)?action\.yml$/.test(path));
  const missing = manifests.some(({ path }) => path === 'action.yml') ? [] : ['action.yml: missing'];
  return [...missing, ...manifests.flatMap((manifest) => wrongRuns(manifest, files))];
}

function wrongRuns({ path, text }: SourceFile, files: readonly SourceFile[]): Violations {
  const { runs = {} } = parse(text) as { runs?: Readonly<Record<string, string>> };
  const version = runs['using'] === 'node24' ? [] : [`${path}: using ${runs['using']}, not node24`];
  const needed = path === 'action.yml' ? ['main', 'post'] : ['main'];
  const missing = needed.filter((part) => runs[part] === undefined).map((part) => `${path}: no ${part}`);
  const entries = ['main', 'post'].flatMap((part) => {
    const entry = runs[part];
    if (entry === undefined) return [];
    const target = posix.join(posix.dirname(path), entry);
    const built = target.startsWith('dist/') && files.some((file) => file.path === target);
    return built ? [] : [`${path}: ${part} is ${entry}, which is no file of dist`];
  });
  return [...version, ...missing, ...entries];
}

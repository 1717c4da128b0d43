import { parse } from 'yaml';
import type { SourceFile, Violations } from './source.ts';

/** An action.yml whose entries are not in the repository works for nobody. */
export function actionRuns(files: readonly SourceFile[]): Violations {
  const manifest = files.find(({ path }) => path === 'action.yml');
  if (manifest === undefined) return ['action.yml: missing'];
  const { runs = {} } = parse(manifest.text) as { runs?: Readonly<Record<string, string>> };
  const version = runs['using'] === 'node24' ? [] : [`action.yml: using ${runs['using']}, not node24`];
  const entries = ['main', 'post'].flatMap((part) => {
    const entry = runs[part];
    if (entry === undefined) return [`action.yml: no ${part}`];
    const built = entry.startsWith('dist/') && files.some(({ path }) => path === entry);
    return built ? [] : [`action.yml: ${part} is ${entry}, which is no file of dist`];
  });
  return [...version, ...entries];
}

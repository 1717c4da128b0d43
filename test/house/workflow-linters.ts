import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './checkout.ts';
import type { SourceFile } from './source.ts';

/** On a new machine the tools are installed first. */
export const installing = { timeout: 300_000 };

/** What scripts/lint-workflows.sh says of a repository with these files. */
export function lint(files: readonly SourceFile[]): { readonly passed: boolean; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  try {
    execFileSync('git', ['init', '--quiet', folder]);
    for (const { path, text } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const script = join(root, 'scripts/lint-workflows.sh');
    const { status, stdout, stderr } = spawnSync(script, [folder], { encoding: 'utf8' });
    return { passed: status === 0, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of that what actionlint and ShellCheck found: `file:line:column: what [rule]`. zizmor says it in another way. */
export function actionlintFindings(output: string): readonly string[] {
  return output.split('\n').filter((line) => /^\.github\/workflows\/[^:]+:\d+:\d+: /.test(line));
}

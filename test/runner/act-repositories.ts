import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, programEnvironment } from './act-program.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const workflows = join('.github', 'workflows');

/**
 * What somebody gets who uses this repository as `paklog/infra-action@v1`: the files that git knows or would add. Workflows
 * that use the action of their own commit name it instead, because act knows no `$/`; that is printed.
 */
export async function copyCheckout(target: string): Promise<void> {
  const listed = await execute(
    ['git', 'ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    checkout,
    programEnvironment(),
  );
  for (const path of listed.output.split('\n')) {
    await cp(join(checkout, path), join(target, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  for (const name of await readdir(join(target, workflows)).catch(() => [])) {
    const file = join(target, workflows, name);
    const text = await readFile(file, 'utf8');
    const named = nameSelf(text, 'paklog/infra-action', 'v1');
    if (named === text) continue;
    await writeFile(file, named);
    process.stdout.write(`For act, "uses: $/" is "uses: paklog/infra-action@v1" in the copy of ${name}.\n`);
  }
}

/** A workflow whose `uses: $/…`, the action of its own repository and commit, is spelled as others spell it. */
export function nameSelf(workflow: string, repository: string, ref: string): string {
  return workflow.replaceAll(
    /(\buses["']?\s*:\s*["']?)\$\/([^\s"'#,}]*)/g,
    (_, uses: string, path: string) => `${uses}${repository}${path === '' ? '' : `/${path}`}@${ref}`,
  );
}

/**
 * For `repositories`: stand-ins for the actions of others that a workflow uses, which say what they were given. act wants to
 * have every action, also of a step that is skipped; `actions/checkout` is its own.
 */
export function standIns(workflow: string): Record<string, string> {
  const folder = fileURLToPath(new URL('./fixtures/stand-in', import.meta.url));
  const used = workflow.matchAll(/\buses["']?\s*:\s*["']?([\w.-]+\/[\w.-]+@[\w.-]+)/g);
  const others = [...used]
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('actions/checkout@'));
  return Object.fromEntries(others.map((name) => [name, folder]));
}

/** A repository of its own with one commit of these files, scripts (`#!`) executable, as far from this one as a service's is. */
export async function createRepository(
  repository: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  const person = { 'user.name': 'Octo Cat', 'user.email': 'octocat@example.org', 'commit.gpgsign': 'false' };
  const options = Object.entries(person).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  for (const argv of [
    ['init', '--quiet', '--initial-branch=main'],
    ['remote', 'add', 'origin', 'https://github.com/octo/shop'],
    ['add', '--all'],
    [...options, 'commit', '--quiet', '--message=Start'],
  ]) {
    const { code, output } = await execute(['git', ...argv], repository, programEnvironment());
    if (code !== 0) throw new Error(`git ${argv.join(' ')} failed:\n${output}`);
  }
}

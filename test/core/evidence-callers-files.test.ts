import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectEvidence } from '../../src/evidence/collect.ts';
import type { EvidenceRequest } from '../../src/evidence/collection.ts';
import { evidenceFiles } from '../../src/io/evidence-files.ts';
import { globs } from '../../src/io/globs.ts';
import { machine } from '../../src/io/machine.ts';
import { evidenceWorld, wanted } from '../fakes/evidence.ts';

/** A workspace on the disk, and a folder beside it. */
async function place(files: Readonly<Record<string, string | Buffer>>) {
  const root = await mkdtemp(join(tmpdir(), 'callers-[files]-'));
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  await mkdir(join(root, 'w'));
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

/** What of the workspace is kept. */
async function keep(root: string, include: readonly string[], changes: Partial<EvidenceRequest> = {}) {
  const { world: imagined } = evidenceWorld({ containers: [] });
  const world = { ...imagined, machine, files: evidenceFiles, globs };
  const folder = join(root, 'evidence');
  const secrets = ['correct-horse'];
  const request = wanted({ folder, workspace: join(root, 'w'), include, secrets, ...changes });
  const { warnings, files } = await collectEvidence(request, world);
  const below = join(request.folder, 'files/');
  const names = files.filter((file) => file.startsWith(below)).map((file) => file.slice(below.length));
  const content = (name: string) => readFile(join(below, name));
  const readMe = await readFile(join(request.folder, 'README.txt'), 'utf8');
  return { names: names.sort(), warnings, content, readMe, folder };
}

describe('the caller’s own files', () => {
  test('are kept with their paths, as patterns name them', async () => {
    await using workspace = await place({
      'w/target/surefire-reports/A.txt': 'a',
      'w/target/surefire-reports/deep/B.xml': 'b',
      'w/target/classes/C.class': 'c',
      'w/build.log': 'd',
      'w/other.log': 'e',
    });
    const { names, warnings, content } = await keep(workspace.root, [
      'target/surefire-reports/**',
      './build.log',
      '# a comment',
      'no/such/file',
    ]);
    expect(names).toEqual([
      'build.log',
      'target/surefire-reports/A.txt',
      'target/surefire-reports/deep/B.xml',
    ]);
    expect(warnings).toEqual([]);
    expect((await content('target/surefire-reports/A.txt')).toString()).toBe('a');
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['a folder is all that is in it', ['reports'], ['reports/a.txt', 'reports/b.xml', 'reports/c [1].txt']],
    ['an absolute path of the workspace', ['{w}/reports/a.txt'], ['reports/a.txt']],
    ['what is left out again', ['reports/*', '!reports/*.txt'], ['reports/b.xml']],
    ['nothing but what is left out', ['!reports/*.txt'], []],
    ['a name with signs that have a meaning', ['reports/c [[]1].txt'], ['reports/c [1].txt']],
    ['none', [], []],
  ])('%s: %j', async (_, patterns, names) => {
    await using workspace = await place({
      'w/reports/a.txt': '',
      'w/reports/b.xml': '',
      'w/reports/c [1].txt': '',
    });
    const include = patterns.map((pattern) => pattern.replace('{w}', join(workspace.root, 'w')));
    expect(await keep(workspace.root, include)).toMatchObject({ names, warnings: [] });
  });

  test('are redacted where they are text, whatever their letters', async () => {
    const text = `${'é'.repeat(100_000)} correct-horse`;
    await using workspace = await place({
      'w/a.txt': text,
      'w/empty': '',
      'w/latin': Buffer.from([0x63, 0xe9, 0x0a]),
    });
    const { content } = await keep(workspace.root, ['*']);
    expect((await content('a.txt')).toString()).toBe(`${'é'.repeat(100_000)} ***`);
    expect(await content('empty')).toHaveLength(0);
    expect((await content('latin')).toString()).toBe('c\ufffd\n');
  });

  test('are as they were where they are no text, and that is noted', async () => {
    const bytes = Buffer.concat([Buffer.from([0x89, 0, 0xff, 0xfe]), Buffer.alloc(200_000, 'correct-horse')]);
    await using workspace = await place({ 'w/logo.png': bytes });
    const { content, readMe } = await keep(workspace.root, ['**']);
    expect((await content('logo.png')).equals(bytes)).toBe(true);
    expect(readMe).toMatch(/^files\/logo\.png .*no text and therefore as it was$/m);
  });

  test('are for this user alone', async () => {
    await using workspace = await place({ 'w/a/b.txt': 'x' });
    const { folder } = await keep(workspace.root, ['**']);
    const modes = ['files', 'files/a', 'files/a/b.txt', 'host.txt'].map(
      async (name) => (await stat(join(folder, name))).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o700, 0o600, 0o600]);
  });

  test('have names that the artifact service takes', async () => {
    await using workspace = await place({ 'w/a:b?.txt': 'x' });
    expect((await keep(workspace.root, ['**'])).names).toEqual(['a_b_.txt']);
  });
});

describe('nothing is kept', () => {
  test.each(['../outside.txt', 'reports/../../outside.txt', '/etc/passwd', '~/secrets', '..'])(
    'of the pattern %s, which leads out of the workspace',
    async (pattern) => {
      await using workspace = await place({ 'outside.txt': 'x', 'w/a.txt': 'a' });
      const { names, warnings } = await keep(workspace.root, [pattern, 'a.txt']);
      expect(names).toEqual(['a.txt']);
      expect(warnings).toEqual([
        `Evidence: \`${pattern}\` in \`logs-include\` leads out of the workspace and is left out.`,
      ]);
    },
  );

  test('behind a link out of the workspace; one that stays in it is followed', async () => {
    await using workspace = await place({ 'outside/x.txt': 'x', 'w/real.txt': 'real' });
    const link = (to: string, name: string) =>
      symlink(join(workspace.root, to), join(workspace.root, 'w', name));
    await link('outside/x.txt', 'file');
    await link('outside', 'folder');
    await link('w/real.txt', 'inside');
    await link('nowhere', 'broken');
    const { names, warnings, content } = await keep(workspace.root, ['**']);
    expect(names).toEqual(['inside', 'real.txt']);
    expect((await content('inside')).toString()).toBe('real');
    expect(warnings.join()).toContain('file: it is a link out of the workspace');
    expect(warnings.join()).toContain('folder: it is a link out of the workspace');
    expect(warnings.join()).toContain('broken: it cannot be read');
  });

  test('of git’s own files', async () => {
    await using workspace = await place({
      'w/.git/config': 'x',
      'w/sub/.git/config': 'x',
      'w/.gitignore': 'y',
    });
    const { names, warnings } = await keep(workspace.root, ['**']);
    expect(names).toEqual(['.gitignore']);
    expect(warnings).toEqual([expect.stringContaining('git’s own files may hold credentials')]);
  });

  test('of what is beyond the budget; smaller files still are', async () => {
    await using workspace = await place({
      'w/a.txt': 'x'.repeat(600),
      'w/b.txt': 'x'.repeat(600),
      'w/c.txt': 'x'.repeat(300),
    });
    const { names, warnings } = await keep(workspace.root, ['**'], { limits: { files: 1000 } });
    expect(names).toEqual(['a.txt', 'c.txt']);
    expect(warnings).toEqual([
      'Evidence: files of `logs-include` were left out: b.txt: no room, no more than 1000 bytes are kept.',
    ]);
  });

  test('of the evidence itself, where that is in the workspace', async () => {
    await using workspace = await place({ 'w/a.txt': 'a' });
    const folder = join(workspace.root, 'w', 'logs');
    await mkdir(folder);
    await writeFile(join(folder, 'old.txt'), 'x');
    const { names } = await keep(workspace.root, ['**'], { folder });
    expect(names).toEqual(['a.txt']);
    expect(await readdir(join(folder, 'files'))).toEqual(['a.txt']);
  });

  test('twenty refusals are one warning', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`w/${at}.txt`, 'xx']));
    await using workspace = await place(files);
    const { warnings } = await keep(workspace.root, ['**'], { limits: { files: 1 } });
    expect(warnings).toEqual([expect.stringMatching(/left out: 0\.txt: .*; and 15 more\.$/)]);
  });
});

import { expect, test } from 'vitest';
import { repository } from './made-up.ts';
import { actionRuns } from './manifest.ts';

const manifest = (text: string): string => `runs: { ${text} }`;
const good = manifest('using: node24, main: dist/main.js, post: dist/post.js');

test('an action whose entries are there', () => {
  expect(actionRuns(repository({ 'action.yml': good, 'dist/main.js': '', 'dist/post.js': '' }))).toEqual([]);
});

test.for([
  ['nothing built', good, ['main is dist/main.js, which is no file of dist']],
  [
    'an entry outside dist',
    manifest('using: node24, main: src/main.ts, post: dist/post.js'),
    ['main is src/main.ts, which is no file of dist'],
  ],
  ['no post', manifest('using: node24, main: dist/other.js'), ['no post']],
  [
    'an old runtime',
    manifest('using: node20, main: dist/other.js, post: dist/post.js'),
    ['using node20, not node24'],
  ],
] as const)('%s', ([, text, found]) => {
  const files = repository({
    'action.yml': text,
    'dist/other.js': '',
    'dist/post.js': '',
    'src/main.ts': '',
  });
  expect(actionRuns(files)).toEqual(found.map((what) => `action.yml: ${what}`));
});

test.for([
  ['in dist', '../dist/down/index.js', []],
  ['of its own folder', 'dist/down/index.js', ['main is dist/down/index.js, which is no file of dist']],
  ['not built', '../dist/up/index.js', ['main is ../dist/up/index.js, which is no file of dist']],
  ['outside dist', '../src/down.ts', ['main is ../src/down.ts, which is no file of dist']],
] as const)('an action in a folder, without post, whose entry is %s', ([, main, found]) => {
  const files = repository({
    'action.yml': good,
    'dist/main.js': '',
    'dist/post.js': '',
    'dist/down/index.js': '',
    'src/down.ts': '',
    'down/action.yml': manifest(`using: node24, main: ${main}`),
    'down/dist/down/index.js': '',
    'test/runner/fixtures/told/action.yml': manifest('using: node12'),
  });
  expect(actionRuns(files)).toEqual(found.map((what) => `down/action.yml: ${what}`));
});

test('an action in a folder that has no entry at all', () => {
  const files = repository({
    'action.yml': good,
    'dist/main.js': '',
    'dist/post.js': '',
    'down/action.yml': manifest('using: node24'),
  });
  expect(actionRuns(files)).toEqual(['down/action.yml: no main']);
});

test('no action at all', () => {
  expect(actionRuns([])).toEqual(['action.yml: missing']);
});

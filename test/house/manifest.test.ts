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

test('no action at all', () => {
  expect(actionRuns([])).toEqual(['action.yml: missing']);
});

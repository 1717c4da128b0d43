import { expect, test } from 'vitest';
import { repository } from './made-up.ts';
import { noWorkplace, sourceNamesNoSystem, stackWords } from './words.ts';

const compose = {
  services: {
    'lake-controller': { image: 'acme/lake:1.2' },
    store: { image: 'host:5000/acme/dbx@sha256:0' },
  },
  'x-paklog': { systems: { store: { group: 'core' }, 'lake-controller': { group: 'analytics' } } },
};

test('service names, their first words, images and groups, except what is excepted', () => {
  expect(stackWords(compose, ['core'])).toEqual(['analytics', 'dbx', 'lake', 'lake-controller', 'store']);
});

test('a system named in the source is found in every spelling, a longer word is not', () => {
  const text = "const lakeUrl = 1;\n// The Store\nconst restored = 'stores';\nconst a_dbx_b = LAKE;";
  const files = repository({ 'src/a.ts': text, 'test/a.ts': text });
  expect(sourceNamesNoSystem(files, ['lake', 'store', 'dbx'])).toEqual([
    'src/a.ts:1: names lake',
    'src/a.ts:2: names store',
    'src/a.ts:4: names lake',
    'src/a.ts:4: names dbx',
  ]);
});

test('paths of one machine and hosts of registries are found', () => {
  const path = ['', 'work', 'main'].join('/');
  const home = ['', 'root', '.cache'].join('/');
  const host = ['registry', 'npmjs', 'org'].join('.');
  const files = repository({
    'a.md': `see ${path}\nfine\nHOME=${home}`,
    '.npmrc': `registry=https://${host}/`,
  });
  expect(noWorkplace(files)).toEqual([
    `a.md:1: a path of one machine, ${['', 'work'].join('/')}`,
    `a.md:3: a path of one machine, ${['', 'root'].join('/')}`,
    `.npmrc:1: a foreign host, ${host}`,
  ]);
});

test('a runner’s workspace, words and other hosts are not', () => {
  const lines = [
    '/home/runner/work/shop/shop',
    'network/workers',
    'it must /working',
    '$HOME/root',
    'registry-1.docker.io',
    'https://github.com/paklog, http://localhost:9000 and http://kafka:29092',
    'root:x:0:0:root:/root:/bin/sh',
    '<root level="INFO"></root>',
  ];
  expect(noWorkplace(repository({ 'a.md': lines.join('\n') }))).toEqual([]);
});

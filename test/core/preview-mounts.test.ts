import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapes, type Source, sourceProblems } from '../../src/core/preview/mounts.ts';
import { sourceFiles } from '../../src/io/source-files.ts';

describe('files that go along with a preview', () => {
  let root = '';
  let outside = '';
  const read = (path: string) => sourceFiles.read(join(root, path), [root]);
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'preview-files-'));
    outside = await mkdtemp(join(tmpdir(), 'preview-outside-'));
    await mkdir(join(root, 'conf/inner'), { recursive: true });
    await writeFile(join(root, 'conf/a.txt'), 'a');
    await writeFile(join(root, 'conf/inner/run.sh'), 'exit');
    await chmod(join(root, 'conf/inner/run.sh'), 0o755);
    await writeFile(join(root, 'logo.png'), Buffer.from([0x89, 0x50, 0xff]));
    await writeFile(join(root, 'large.sql'), 'x'.repeat(500_001));
    await writeFile(join(outside, 'key'), 'secret');
    await symlink(join(outside, 'key'), join(root, 'link'));
    await mkdir(join(root, 'leads-out'));
    await symlink(join(outside, 'key'), join(root, 'leads-out/key'));
    await mkdir(join(root, 'many'));
    for (let number = 0; number < 101; number += 1) await writeFile(join(root, 'many', String(number)), '');
  });
  afterAll(async () => {
    for (const folder of [root, outside]) await rm(folder, { recursive: true });
  });

  test('are all below a folder, with what may be run', async () => {
    expect(await read('conf')).toEqual([
      { path: 'a.txt', text: 'a', executable: false },
      { path: 'inner/run.sh', text: 'exit', executable: true },
    ]);
    expect(await read('conf/a.txt')).toEqual([{ path: '', text: 'a', executable: false }]);
  });

  test.each([
    ['none', /no such file.*named volume/],
    ['logo.png', /no text.*Dockerfile/],
    ['large.sql', /more than 500 kB/],
    ['many', /more than 100 files/],
    ['link', /outside of the checkout/],
    ['leads-out', /key in it leads out/],
    ['../../../dev/null', /outside of the checkout/],
  ])('are refused where they cannot: %s', async (path, why) => {
    expect(await read(path)).toMatch(why);
  });
});

test('what cannot go along is told with service, path and reason', () => {
  const mount = { type: 'bind', source: '/w/x', target: '/x' };
  const model = { services: { web: { volumes: [mount] } }, configs: { c: { file: '/w/x' } } };
  const sources = new Map<string, Source>([['/w/x', 'it is no text']]);
  expect(sourceProblems(model, ['web'], sources)).toEqual([
    { where: 'compose-files: web', what: '"/w/x" cannot be mounted at /x: it is no text' },
    { where: 'compose-files: config c', what: '"/w/x" cannot go along: it is no text' },
  ]);
});

describe('what would reach out of a preview is refused', () => {
  test.each([
    ['privileged', { privileged: true }],
    ['network_mode', { network_mode: 'host' }],
    ['network_mode', { network_mode: 'container:other' }],
    ['pid', { pid: 'host' }],
    ['ipc', { ipc: 'host' }],
    ['devices', { devices: ['/dev/sda'] }],
    ['cap_add', { cap_add: ['SYS_ADMIN'] }],
    ['security_opt', { security_opt: ['apparmor:unconfined'] }],
    ['volumes_from', { volumes_from: ['container:other'] }],
    ['provider', { provider: { type: 'awesomecloud' } }],
    ['use_api_socket', { use_api_socket: true }],
    ['cgroup_parent', { cgroup_parent: '/' }],
    ['runtime', { runtime: 'sysbox' }],
    ['build.network', { build: { context: '.', network: 'host' } }],
    ['build.privileged', { build: { context: '.', privileged: true } }],
    ['build.entitlements', { build: { context: '.', entitlements: ['security.insecure'] } }],
    ['post_start', { post_start: [{ command: 'id', privileged: true }] }],
  ])('%s: %j', (key, json) => {
    expect(escapes({ services: { web: json } }, ['web']).map(({ what }) => what)).toEqual([
      expect.stringContaining(`\`${key}\``),
    ]);
  });

  test('a volume that is a folder of the host', () => {
    const data = { driver: 'local', driver_opts: { type: 'none', o: 'rw,bind', device: '/etc' } };
    expect(escapes({ services: {}, volumes: { data } }, [])).toHaveLength(1);
  });

  test('and nothing that keeps to itself', () => {
    const web = {
      network_mode: 'service:other',
      security_opt: ['no-new-privileges:true'],
      cap_drop: ['ALL'],
      build: { context: '.', network: 'none' },
      pre_stop: [{ command: 'id' }],
    };
    const data = { driver_opts: { type: 'tmpfs', device: 'tmpfs' } };
    expect(escapes({ services: { web }, volumes: { data } }, ['web'])).toEqual([]);
  });
});

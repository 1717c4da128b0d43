import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './checkout.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const lockOf = (image: string): string =>
  `images: { "${image}": { index: "${digest}", linux/amd64: "${digest}" } }\n`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infra-action-'));
  mkdirSync(join(folder, 'compose'));
  writeFileSync(
    join(folder, 'compose/compose.yaml'),
    'services: { a: { image: redis:7 }, b: { image: "mongo:7" }, c: { build: . }, d: { image: redis:7 } }\n',
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs scripts/lock.ts as if this folder were the repository. */
async function lockScript(lock: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const file = join(folder, 'compose/images.lock.yaml');
  writeFileSync(file, lock);
  const child = spawn(process.execPath, [join(root, 'scripts/lock.ts'), ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output, kept: readFileSync(file, 'utf8') === lock };
}

test.for([
  ['an empty lock', 'images: {}\n'],
  ['a lock of fewer images than the Compose file has', lockOf('redis:7')],
] as const)('%s passes the check', async ([, lock]) => {
  expect(await lockScript(lock, ['--check'])).toEqual({ code: 0, output: '', kept: true });
});

test.for([
  [
    'an image that is not in the Compose file',
    lockOf('redis:6'),
    'images.redis:6: is no image of the Compose file',
  ],
  ['a digest that is none', lockOf('redis:7').replace('aaaa', ''), 'images.redis:7.index: must be `sha256:`'],
  ['no YAML', 'images: {', 'images: is no YAML'],
] as const)('%s does not', async ([, lock, named]) => {
  const { code, output } = await lockScript(lock, ['--check']);
  expect(output).toContain(`compose/images.lock.yaml: ${named}`);
  expect(output).toContain('Run `make lock`');
  expect(code).toBe(1);
});

test('docker.io itself is asked, and a lock stays as it was where it does not answer', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const { code, output, kept } = await lockScript(lockOf('redis:7'), [], { https_proxy: address });
  proxy.close();
  expect(output).toMatch(/^redis:7: registry-1\.docker\.io: .*\nmongo:7: registry-1\.docker\.io: .*\n/);
  expect({ code, kept }).toEqual({ code: 1, kept: true });
  expect(new Set(asked)).toEqual(new Set(['registry-1.docker.io:443']));
});

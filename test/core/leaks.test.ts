import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rootPrefix } from '../runner/environment.ts';
import { leaksOf } from '../runner/leaks.ts';

let folder: string;

/** A client that lists what a file names, in place of an engine. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leaks-'));
  await writeFile(join(folder, 'docker'), `#!/bin/sh\nexec cat "${folder}/$1"\n`);
  await chmod(join(folder, 'docker'), 0o755);
  for (const kind of ['ps', 'network', 'volume']) await writeFile(join(folder, kind), `old-${kind}\n`);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('nothing new is nothing left', async () => {
  const leaks = await leaksOf();
  expect(await leaks()).toEqual([]);
});

test('what goes away in a moment is not left', async () => {
  const leaks = await leaksOf();
  const child = spawn('sleep', ['0.5']);
  expect(await leaks()).toEqual([]);
  expect(child.exitCode).toBe(0);
});

test('each kind of thing left behind is named', async () => {
  const leaks = await leaksOf(300);
  const things = await leaveThings();
  try {
    const left = await leaks();
    expect(left.sort()).toEqual(things.names.sort());
  } finally {
    await things.remove();
  }
});

test('an engine that has gone is no clean engine', async () => {
  const leaks = await leaksOf(300);
  await rm(join(folder, 'ps'));
  await rm(join(folder, 'network'));
  await rm(join(folder, 'volume'));
  expect(await leaks()).toEqual(['the engine no longer answers']);
});

async function leaveThings() {
  await writeFile(join(folder, 'ps'), 'old-ps\nkafka-1\n');
  await writeFile(join(folder, 'network'), 'old-network\nmine_default\n');
  await writeFile(join(folder, 'volume'), 'old-volume\nmine_data\n');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child: ChildProcess = spawn('sleep', ['600']);
  const root = await mkdtemp(join(tmpdir(), rootPrefix));
  return {
    names: [
      'container kafka-1',
      'network mine_default',
      'volume mine_data',
      `port ${port}`,
      `process sleep (${child.pid})`,
      `folder ${root.slice(tmpdir().length + 1)}`,
    ],
    remove: async () => {
      server.close();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(root, { recursive: true });
    },
  };
}

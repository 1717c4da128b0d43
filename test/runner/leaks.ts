import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { rootPrefix, trackingPrefix } from './environment.ts';
import { listDescendants, listTracked } from './process-table.ts';

/**
 * Looks around, and returns a function that names what is there now and was not then: containers, networks and volumes,
 * listening ports, processes that tests have started, folders of runners. `expect(await leaks()).toEqual([])`.
 * What is on its way out is given some time for it.
 */
export async function leaksOf(patienceMs = 5000): Promise<() => Promise<string[]>> {
  const before = await takeInventory();
  return async () => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const now = await takeInventory();
      const left = [...now].filter((thing) => !before.has(thing));
      if (before.has(engineAnswers) && !now.has(engineAnswers)) left.push('the engine no longer answers');
      if (left.length === 0 || performance.now() > deadline) return left;
      await sleep(100);
    }
  };
}

const engineAnswers = 'an engine';

async function takeInventory(): Promise<ReadonlySet<string>> {
  const engine = await Promise.all([
    list('container', ['ps', '--all', '--format', '{{.Names}}']),
    list('network', ['network', 'ls', '--format', '{{.Name}}']),
    list('volume', ['volume', 'ls', '--format', '{{.Name}}']),
  ]);
  const processes = [...listDescendants(process.pid), ...listTracked(trackingPrefix)];
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(rootPrefix));
  return new Set([
    ...engine.flat(),
    ...(await listPorts()),
    ...processes.map(({ name, pid }) => `process ${name} (${pid})`),
    ...folders.map((name) => `folder ${name}`),
  ]);
}

/** Without an engine, or without the client, there is nothing of it to leave behind. */
async function list(kind: string, argv: readonly string[]): Promise<string[]> {
  const client = spawn('docker', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<boolean>((resolve) => {
    client.once('error', () => resolve(false));
    client.once('close', (code) => resolve(code === 0));
  });
  const output = await text(client.stdout);
  if (!(await ended)) return [];
  const names = output.split('\n').filter((name) => name !== '');
  return [engineAnswers, ...names.map((name) => `${kind} ${name}`)];
}

/** Ports on which somebody listens, from the kernel's own tables; the state of a listening socket is `0A`. */
async function listPorts(): Promise<string[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.trim().split('\n').slice(1));
  const sockets = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
  return sockets.map(([, local = '']) => `port ${Number.parseInt(local.split(':')[1] ?? '', 16)}`);
}

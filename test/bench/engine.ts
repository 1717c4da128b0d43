import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../src/io/command.ts';
import { inGroup, parentGroup } from './groups.ts';
import type { Store } from './options.ts';
import { upstreamPort } from './servers.ts';

/** A Docker Engine at its usual socket, with a mirror for docker.io. */
export interface Engine {
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly store: Store;
  /** Where it keeps images; a new one has none. */
  readonly data: string;
  /** Its configuration and log. */
  readonly folder: string;
  /** Of its control groups. */
  readonly id: string;
}

/** Milliseconds for a start, and for an end. */
const patience = 60_000;

/** @throws when it does not start, or has another store than was asked for. */
export async function startEngine({ store, data, folder, id }: EngineOptions): Promise<Engine> {
  await mkdir(data, { recursive: true });
  const configuration = join(folder, 'daemon.json');
  await writeFile(
    configuration,
    JSON.stringify({
      'data-root': data,
      'registry-mirrors': [`http://127.0.0.1:${upstreamPort}`],
      'cgroup-parent': parentGroup(id),
      'exec-opts': ['native.cgroupdriver=cgroupfs'],
      ...(store === 'containerd'
        ? { features: { 'containerd-snapshotter': true } }
        : { features: { 'containerd-snapshotter': false }, 'storage-driver': 'overlay2' }),
    }),
  );
  const log = join(folder, 'dockerd.log');
  const output = openSync(log, 'a');
  const [program, ...args] = inGroup(id, 'engine', ['dockerd', '--config-file', configuration]);
  const child = spawn(program, args, { stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    await ended;
    clearTimeout(timer);
  };
  const driver = await Promise.race([untilAnswers(), ended.then(() => undefined)]);
  if (driver !== { overlay2: 'overlay2', containerd: 'overlayfs' }[store]) {
    await stop();
    const words = (await readFile(log, 'utf8')).split('\n').slice(-20).join('\n');
    throw new Error(`dockerd did not start with ${store} (its driver: ${driver ?? 'none'}):\n${words}`);
  }
  return { stop };
}

async function untilAnswers(): Promise<string | undefined> {
  const until = performance.now() + patience;
  while (performance.now() < until) {
    const info = await ask(['docker', 'info', '--format', '{{.Driver}}']);
    if (info !== undefined) return info.trim();
    await sleep(100);
  }
  return undefined;
}

async function ask(command: readonly [string, ...string[]]): Promise<string | undefined> {
  const result = await runCommand(command, { timeout: 30_000 });
  return result.exitCode === 0 ? result.stdout : undefined;
}

/** @throws when the engine has anything that a fresh machine has not: an image, a container, a volume, a build cache. */
export async function requireEmpty(): Promise<void> {
  const counted =
    (await ask(['docker', 'system', 'df', '--format', '{{.Type}}: {{.TotalCount}}'])) ?? 'no answer';
  const kept = counted.split('\n').filter((row) => row !== '' && !row.endsWith(': 0'));
  if (kept.length > 0) throw new Error(`The engine is not empty: ${kept.join(', ')}`);
}

/** Removes what an engine that has stopped kept. */
export async function removeData(data: string): Promise<void> {
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
}

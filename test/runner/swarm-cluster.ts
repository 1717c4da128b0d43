import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type EngineNode, startNode } from './engine-node.ts';

const run = promisify(execFile);

/** Engines on this machine that are a Swarm, and a registry that all of them reach. */
export interface SwarmCluster extends AsyncDisposable {
  /** It runs no tasks. */
  readonly manager: EngineNode;
  readonly workers: readonly EngineNode[];
  /** Of the registry, such as `10.0.0.1:5000`. */
  readonly registry: string;
  /** Copies an image of this machine's engine into the registry; gives its name there. */
  provide(image: string): Promise<string>;
}

const bridge = 'pvbr';
const gateway = '10.213.0.1';

/** Why there can be no cluster here; empty where there can. */
export async function whyNoCluster(): Promise<string> {
  if (process.getuid?.() !== 0) return 'namespaces for nodes need root';
  for (const program of ['ip', 'iptables', 'unshare', 'dockerd', 'docker-registry'])
    if (
      await run('which', [program]).then(
        () => false,
        () => true,
      )
    )
      return `there is no ${program}`;
  return '';
}

/** A manager and so many workers. A node that is lost is missed after some seconds. */
export async function swarmCluster(workers: number): Promise<SwarmCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-'));
  const registry = `${gateway}:5001`;
  const cgroup = `/swarm-${process.pid}`;
  await layBridge();
  const stopRegistry = await serveRegistry(folder, registry);
  const place = { folder, bridge, registry, cgroup };
  const nodes: EngineNode[] = [];
  const end = async () => {
    await Promise.all(nodes.map((node) => node.lose()));
    await stopRegistry();
    await removeBridge();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    removeGroups(cgroup);
  };
  try {
    for (let number = 1; number <= workers + 1; number += 1) nodes.push(await startNode(number, place));
    const [manager, ...others] = nodes;
    if (manager === undefined) throw new Error('a cluster needs a manager');
    await form(manager, others);
    const provide = (image: string) => copy(image, registry, manager);
    return { manager, workers: others, registry, provide, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function form(manager: EngineNode, workers: readonly EngineNode[]): Promise<void> {
  const how = ['--availability', 'drain', '--dispatcher-heartbeat', '1s'];
  await manager.docker('swarm', 'init', '--advertise-addr', manager.address, ...how);
  const token = await manager.docker('swarm', 'join-token', '--quiet', 'worker');
  for (const { docker, address } of workers)
    await docker('swarm', 'join', '--advertise-addr', address, '--token', token, `${manager.address}:2377`);
}

/** What is bridged must not be filtered by the rules of this machine's own engine. */
const rule = ['FORWARD', '-i', bridge, '-o', bridge, '-j', 'ACCEPT'];

async function layBridge(): Promise<void> {
  await removeBridge();
  await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['address', 'add', `${gateway}/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
  await run('iptables', ['--insert', ...rule]);
}

async function removeBridge(): Promise<void> {
  await run('iptables', ['--delete', ...rule]).catch(() => undefined);
  await run('ip', ['link', 'delete', bridge]).catch(() => undefined);
}

async function serveRegistry(folder: string, address: string): Promise<() => Promise<void>> {
  const data = join(folder, 'registry');
  await mkdir(data);
  const file = join(folder, 'registry.yml');
  const storage = { filesystem: { rootdirectory: data } };
  await writeFile(
    file,
    JSON.stringify({ version: 0.1, log: { level: 'warn' }, storage, http: { addr: address } }),
  );
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await fetch(`http://${address}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await sleep(100);
  }
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}

async function copy(image: string, registry: string, { socket, docker }: EngineNode): Promise<string> {
  const name = `${registry}/${image}`;
  await run('bash', ['-c', 'set -o pipefail; docker save "$0" | docker --host "$1" load', image, socket]);
  await docker('tag', image, name);
  await docker('push', '--quiet', name);
  return name;
}

/** Empty groups stay behind when processes are killed with their namespace. */
function removeGroups(cgroup: string): void {
  const root = '/sys/fs/cgroup';
  for (const tree of [root, ...readdirSync(root).map((name) => join(root, name))]) {
    const below = (path: string): void => {
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
      for (const name of readdirSync(path)) below(join(path, name));
      try {
        rmdirSync(path);
      } catch {
        // Something in it ends a moment later; an empty group costs nothing.
      }
    };
    below(join(tree, cgroup));
  }
}

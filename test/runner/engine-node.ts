import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A machine with a Docker Engine of its own, on a bridge of this one. */
export interface EngineNode {
  readonly name: string;
  /** On the bridge. */
  readonly address: string;
  /** For DOCKER_HOST: by a socket on this machine, and by the network. */
  readonly socket: string;
  readonly tcp: string;
  /** `docker` on its engine; throws with what it says when it fails. */
  docker(...args: readonly string[]): Promise<string>;
  /** As if its power failed: everything on it ends at once. */
  lose(): Promise<void>;
}

export interface NodePlace {
  readonly folder: string;
  readonly bridge: string;
  /** A registry that speaks plain HTTP. */
  readonly registry: string;
  readonly cgroup: string;
}

/** The first process of a process namespace takes everything in there with it. The engine begins once it has a network. */
const first = `
mount -t tmpfs tmpfs /run
ip link set lo up
until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip link set eth0 up
ip address add "$0/24" dev eth0
exec "$@"`;

/** Starts a node; `number` is its place on the bridge. Needs root. */
export async function startNode(number: number, place: NodePlace): Promise<EngineNode> {
  const [name, address] = [`node-${number}`, `10.213.0.${10 + number}`];
  const folder = join(place.folder, name);
  await mkdir(folder, { recursive: true });
  const socket = `unix://${folder}/docker.sock`;
  const tcp = `tcp://${address}:2375`;
  const engine = [
    ...['dockerd', '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'pid'), '--host', socket, '--host', tcp, '--tls=false'],
    ...['--insecure-registry', place.registry, '--cgroup-parent', place.cgroup],
  ];
  const log = openSync(join(folder, 'log'), 'a');
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const argv = [...namespaces, 'bash', '-e', '-c', first, address, ...engine];
  const child = spawn('unshare', argv, { stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = once(child, 'exit');
  await connect(child, number, place.bridge);
  const docker = async (...args: readonly string[]) =>
    (await run('docker', args, { env: { ...process.env, DOCKER_HOST: socket } })).stdout.trim();
  await untilAnswers(docker, child, join(folder, 'log'));
  const lose = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { name, address, socket, tcp, docker, lose };
}

/** Gives a node one end of a cable whose other end is on the bridge. It is gone with the node. */
async function connect({ pid }: ChildProcess, number: number, bridge: string): Promise<void> {
  const end = `${bridge}n${number}`;
  // The namespace is there a moment after the process.
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [own, theirs] = await Promise.all([run('readlink', ['/proc/self/ns/net']), namespaceOf(pid)]);
    if (theirs !== '' && theirs !== own.stdout) break;
    await sleep(20);
  }
  const peer = ['peer', 'name', 'eth0', 'netns', String(pid)];
  await run('ip', ['link', 'add', end, 'type', 'veth', ...peer]);
  await run('ip', ['link', 'set', end, 'master', bridge, 'up']);
}

function namespaceOf(pid: number | undefined): Promise<string> {
  return run('readlink', [`/proc/${pid}/ns/net`]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

async function untilAnswers(docker: EngineNode['docker'], child: ChildProcess, log: string): Promise<void> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt += 1) {
    const version = await docker('version', '--format', '{{.Server.Version}}').catch(() => '');
    if (version !== '') return;
    await sleep(100);
  }
  throw new Error(`A node's engine did not start:\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

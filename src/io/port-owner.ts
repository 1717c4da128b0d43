import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Listener, listeningSockets } from '../core/evidence/sockets.ts';

/** The process that listens on a TCP port, as `name, process 123`; empty where this user may not know. Linux. */
export async function portOwner(port: number): Promise<string> {
  const owners = (await listeners(port)).flatMap(({ process }) => process ?? []);
  const [owner] = owners;
  return owner === undefined ? '' : `${owner.name}, process ${owner.pid}`;
}

/** Everything that listens on TCP ports, or on the one; in the order of ports. None where there is no such table. Linux. */
export async function listeners(only?: number): Promise<readonly Listener[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read));
  const sockets = tables.flatMap(listeningSockets).filter(({ port }) => only === undefined || port === only);
  if (sockets.length === 0) return [];
  const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)));
  const found = sockets.map(({ address, port, inode }) => {
    const process = owners.get(inode);
    return { address, port, ...(process === undefined ? {} : { process }) };
  });
  return found.sort((a, b) => a.port - b.port);
}

/** Who holds the sockets; not all that do may be looked into. */
async function ownersOf(
  inodes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, { name: string; pid: number }>> {
  const owners = new Map<string, { name: string; pid: number }>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const held = (await socketsOf(pid)).filter((inode) => inodes.has(inode) && !owners.has(inode));
    if (held.length === 0) continue;
    const name = (await read(`/proc/${pid}/comm`)).trim();
    for (const inode of held) owners.set(inode, { name, pid: Number(pid) });
  }
  return owners;
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

import { readdir, readFile, readlink } from 'node:fs/promises';

/** The state of a listening socket in the kernel's tables. */
const listening = '0A';

/** The process that listens on a TCP port, as `name, process 123`; empty where this user may not know. Linux. */
export async function portOwner(port: number): Promise<string> {
  const inodes = await listeners(port);
  if (inodes.length === 0) return '';
  const wanted = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (await holds(pid, wanted)) return `${(await read(`/proc/${pid}/comm`)).trim()}, process ${pid}`;
  }
  return '';
}

async function listeners(port: number): Promise<readonly string[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(read));
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return rows.flatMap(([, local = '', , state, , , , , , inode]) =>
    local.endsWith(suffix) && state === listening && inode !== undefined ? [inode] : [],
  );
}

async function holds(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return links.some((link) => sockets.has(link));
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

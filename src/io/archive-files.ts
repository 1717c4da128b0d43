import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, open, opendir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The files of class-data archives: some are written by containers, whose users are not this one. */
export interface ArchiveFiles {
  /** A folder that a container's program may write into, whoever it runs as. */
  makeFolder(path: string): Promise<void>;
  /** A file that a container's program may read, whoever it runs as. */
  writeText(file: string, text: string): Promise<void>;
  /** The first bytes of a file, and how many it has; undefined where it cannot be read. */
  look(file: string): Promise<{ readonly start: Uint8Array; readonly size: number } | undefined>;
  /** The files of a folder; none where there is no such folder. */
  list(folder: string): Promise<readonly { readonly name: string; readonly size: number }[]>;
  /** Moves a file, into a folder that is made for it. */
  move(file: string, to: string): Promise<void>;
  /**
   * In which order the file system of a folder lists the same few names. ext4 orders them by a hash whose seed it got when it
   * was made, and programs that expand `lib/*` themselves, as the JVM does, see that order.
   */
  listingOrder(folder: string): Promise<string>;
  /** The SHA-256 of a text, in hexadecimal. */
  hash(text: string): string;
}

const named = Array.from({ length: 24 }, (_, index) => `name-${index}`);

export const archiveFiles: ArchiveFiles = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o777);
  },
  writeText: async (file, text) => {
    await writeFile(file, text);
    await chmod(file, 0o644);
  },
  look: async (file) => {
    try {
      return await firstBytes(file);
    } catch {
      return undefined;
    }
  },
  list: async (folder) => {
    const names = await readdir(folder).catch(() => []);
    return Promise.all(names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })));
  },
  move: async (file, to) => {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(file, to);
  },
  listingOrder,
  hash: (text) => createHash('sha256').update(text).digest('hex'),
};

async function firstBytes(file: string): Promise<{ start: Uint8Array; size: number }> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return { start: buffer.subarray(0, bytesRead), size: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

/** `readdir` would sort the names. */
async function listingOrder(folder: string): Promise<string> {
  const place = await mkdtemp(join(folder, 'order-'));
  try {
    for (const name of named) await writeFile(join(place, name), '');
    const found: string[] = [];
    for await (const { name } of await opendir(place)) found.push(name.replace('name-', ''));
    return found.join(' ');
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

import { createReadStream } from 'node:fs';
import { mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Files of evidence, which may be large: they are written and read piece by piece. */
export interface EvidenceFiles {
  /** A new file for this user alone, in folders for this user alone. */
  create(path: string): Promise<FileWriter>;
  remove(path: string): Promise<void>;
  /** What a path leads to in the end; undefined where there is nothing that can be read. */
  look(path: string): Promise<FoundFile | undefined>;
  chunks(path: string): AsyncIterable<Buffer>;
}

export interface FileWriter {
  write(content: string | Buffer): Promise<void>;
  close(): Promise<void>;
}

export interface FoundFile {
  /** Without symbolic links. */
  readonly path: string;
  readonly isFile: boolean;
  readonly bytes: number;
}

/** Gathered before the disk is asked, and read at once. Bytes. */
const piece = 64 * 1024;

export const evidenceFiles: EvidenceFiles = {
  create: createFile,
  remove: (path) => rm(path, { force: true }),
  look: async (path) => {
    try {
      const real = await realpath(path);
      const found = await stat(real);
      return { path: real, isFile: found.isFile(), bytes: found.size };
    } catch {
      return undefined;
    }
  },
  chunks: (path) => createReadStream(path, { highWaterMark: piece }),
};

async function createFile(path: string): Promise<FileWriter> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', 0o600);
  let waiting: Buffer[] = [];
  let bytes = 0;
  const flush = async () => {
    const all = Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
    for (let at = 0; at < all.length; ) at += (await file.write(all, at)).bytesWritten;
  };
  return {
    write: async (content) => {
      const buffer = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
      waiting.push(buffer);
      bytes += buffer.length;
      if (bytes >= piece) await flush();
    },
    close: async () => {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}

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

/** Read at once. Bytes. */
const piece = 64 * 1024;

/** Bytes of one letter in UTF-8. */
const longestLetter = 4;

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
  // One buffer for all: what is thrown away by the megabyte stays in memory for long.
  const room = Buffer.alloc(4 * piece);
  let used = 0;
  const flush = async () => {
    for (let at = 0; at < used; ) at += (await file.write(room, at, used - at)).bytesWritten;
    used = 0;
  };
  const writeBytes = async (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      if (used === room.length) await flush();
      const copied = bytes.copy(room, used, at);
      at += copied;
      used += copied;
    }
  };
  const writeText = async (text: string) => {
    const encoder = new TextEncoder();
    for (let rest = text; rest !== ''; ) {
      if (room.length - used < longestLetter) await flush();
      const { read, written } = encoder.encodeInto(rest, room.subarray(used));
      rest = rest.slice(read);
      used += written;
    }
  };
  return {
    write: (content) => (typeof content === 'string' ? writeText(content) : writeBytes(content)),
    close: async () => {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}

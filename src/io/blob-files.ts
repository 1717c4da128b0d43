import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { constants, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdCompress } from 'node:zlib';
import { missing, type Range, type Stretch, stretchAt, withStretch } from '../core/images/stretches.ts';

/** A blob on its way to the disk: what has arrived can be read while the rest still comes. */
export interface Blob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** What nobody has brought yet. */
  missing(): readonly Range[];
  /** Tells of bytes that are in a file. */
  arrived(stretch: Stretch): void;
  /** Nothing more will come: whoever waits for more is told why. */
  fail(reason: Error): void;
  /** The bytes of a range in order, as they come. Ends with an error where the blob fails. */
  read(range: Range): AsyncIterable<Buffer>;
}

/** Writes blobs to files and reads them, never more than a piece of one in memory. */
export interface BlobFiles {
  /** A blob of which nothing has arrived. */
  blob(digest: string, size: number): Blob;
  /**
   * Writes a stream, the bytes of a range, to their place in a file, and tells of what is written as it goes. What is beyond
   * the range is left.
   * @throws when the stream breaks off or the disk refuses.
   */
  pour(
    stream: Readable,
    file: string,
    range: Range,
    onWritten: (start: number, end: number) => void,
  ): Promise<void>;
  /** Writes what has arrived of a blob into a file of its own. */
  copy(blob: Blob, range: Range, file: string): Promise<void>;
  /** Unpacks a layer, gzip or plain, and packs it with zstd into a file; gives digest and size of that. */
  repack(
    blob: Blob,
    file: string,
    gzip: boolean,
  ): Promise<{ readonly digest: string; readonly size: number }>;
  /** The SHA-256 digest of a whole blob, as registries write it. */
  digest(blob: Blob): Promise<string>;
  /** The same of a text. */
  sha256(text: string): string;
  /** Bytes of a file; undefined where there is none. */
  size(file: string): Promise<number | undefined>;
}

/** Written at once: a system call for every packet would cost more than the bytes. */
const batchBytes = 256 * 1024;
const readBytes = 256 * 1024;

export const blobFiles: BlobFiles = {
  blob: growing,
  pour,
  copy: async (blob, range, file) => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await using handle = await open(file, 'w', 0o600);
    for await (const chunk of blob.read(range)) whole(chunk.length, await handle.write(chunk));
  },
  digest: async (blob) => {
    const hash = createHash('sha256');
    for await (const chunk of blob.read({ start: 0, end: blob.size })) hash.update(chunk);
    return `sha256:${hash.digest('hex')}`;
  },
  repack: async (blob, file, gzip) => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    let size = 0;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        hash.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    const packed = Readable.from(blob.read({ start: 0, end: blob.size }), { objectMode: false });
    const unpack = gzip ? createGunzip() : new PassThrough();
    await pipeline(packed, unpack, createZstdCompress(), count, createWriteStream(file, { mode: 0o600 }));
    return { digest: `sha256:${hash.digest('hex')}`, size };
  },
  sha256: (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`,
  size: async (file) => {
    try {
      return (await stat(file)).size;
    } catch {
      return undefined;
    }
  },
};

function growing(digest: string, size: number): Blob {
  let stretches: readonly Stretch[] = [];
  let failure: Error | undefined;
  let news = Promise.withResolvers<void>();
  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  return {
    digest,
    size,
    missing: () => missing(stretches, size),
    arrived: (stretch) => {
      stretches = withStretch(stretches, stretch);
      tell();
    },
    fail: (reason) => {
      failure = reason;
      tell();
    },
    async *read({ start, end }) {
      for (let position = start; position < end; ) {
        const found = stretchAt(stretches, position);
        if (found !== undefined) {
          const until = Math.min(found.end, end);
          yield* bytesOf(found.file, found.at, until - position);
          position = until;
        } else if (failure !== undefined) throw failure;
        else await news.promise;
      }
    },
  };
}

async function* bytesOf(file: string, at: number, length: number): AsyncIterable<Buffer> {
  let left = length;
  const stream = createReadStream(file, { start: at, end: at + length - 1, highWaterMark: readBytes });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    left -= chunk.length;
    yield chunk;
  }
  if (left > 0) throw new Error(`${file} is ${left} bytes shorter than what was written`);
}

async function pour(
  stream: Readable,
  file: string,
  { start, end }: Range,
  onWritten: (start: number, end: number) => void,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await using handle = await open(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
  let batch: Buffer[] = [];
  let held = 0;
  let position = start;
  const flush = async () => {
    if (held === 0) return;
    whole(held, await handle.writev(batch, position));
    const from = position;
    position += held;
    batch = [];
    held = 0;
    onWritten(from, position);
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const wanted = chunk.subarray(0, end - position - held);
    batch.push(wanted);
    held += wanted.length;
    // A server that knows no ranges would send the rest of the blob.
    if (wanted.length < chunk.length) break;
    if (held >= batchBytes) await flush();
  }
  await flush();
}

/** A disk that is nearly full takes what still fits, and says nothing. */
function whole(wanted: number, { bytesWritten }: { readonly bytesWritten: number }): void {
  if (bytesWritten !== wanted) throw new Error(`the disk took ${bytesWritten} of ${wanted} bytes`);
}

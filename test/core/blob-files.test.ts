import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Blob, blobFiles } from '../../src/io/blob-files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blob-files-'));
});
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
const fresh = () => {
  files += 1;
  return join(folder, 'sub', `${files}`);
};

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const all = (blob: Blob) => ({ start: 0, end: blob.size });
const contentOf = (blob: Blob, range = all(blob)) =>
  buffer(Readable.from(blob.read(range), { objectMode: false }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A blob with all its bytes in one file. */
async function whole(bytes: Uint8Array): Promise<Blob> {
  const file = join(folder, digestOf(bytes).slice(7));
  await writeFile(file, bytes);
  const blob = blobFiles.blob(digestOf(bytes), bytes.length);
  blob.arrived({ start: 0, end: bytes.length, file, at: 0 });
  return blob;
}

describe('a stream that is poured', () => {
  test('stands in its place, and is told of as it is written', async () => {
    const file = fresh();
    const told: number[][] = [];
    const bytes = randomBytes(1_300_000);
    const pieces = [bytes.subarray(0, 600_000), bytes.subarray(600_000, 600_001), bytes.subarray(600_001)];
    await blobFiles.pour(Readable.from(pieces), file, { start: 50, end: 1_300_050 }, (from, to) =>
      told.push([from, to]),
    );
    expect((await readFile(file)).subarray(50).equals(bytes)).toBe(true);
    expect(told).toEqual([
      [50, 600_050],
      [600_050, 1_300_050],
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('leaves what others have written beside it', async () => {
    const file = fresh();
    await blobFiles.pour(Readable.from([Buffer.from('345')]), file, { start: 3, end: 6 }, () => {});
    await blobFiles.pour(Readable.from([Buffer.from('012')]), file, { start: 0, end: 3 }, () => {});
    expect(await readFile(file, 'utf8')).toBe('012345');
  });

  test('is left where it goes beyond its range', async () => {
    const file = fresh();
    let asked = 0;
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          asked += 1;
          yield Buffer.from('0123');
        }
      })(),
    );
    await blobFiles.pour(endless, file, { start: 0, end: 6 }, () => {});
    expect(await readFile(file, 'utf8')).toBe('012301');
    expect(endless.destroyed).toBe(true);
    expect(asked).toBeLessThan(40);
  });

  test('keeps what came before it broke off, and says so', async () => {
    const told: number[] = [];
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(600_000);
        throw new Error('reset');
      })(),
    );
    const poured = blobFiles.pour(broken, fresh(), { start: 0, end: 700_000 }, (_from, to) => told.push(to));
    await expect(poured).rejects.toThrow('reset');
    expect(told).toEqual([600_000]);
  });
});

describe('a blob that still arrives', () => {
  test('is read as far as it is there, then as it comes, in order', async () => {
    const file = fresh();
    const blob = blobFiles.blob('d', 9);
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of blob.read(all(blob))) read.push(chunk.toString());
    })();
    const arrive = async (text: string, start: number) => {
      await blobFiles.pour(
        Readable.from([Buffer.from(text)]),
        file,
        { start, end: start + text.length },
        (from, to) => blob.arrived({ start: from, end: to, file, at: from }),
      );
    };
    await arrive('678', 6);
    await turn();
    expect([read, blob.missing()]).toEqual([[], [{ start: 0, end: 6 }]]);
    await arrive('012', 0);
    await arrive('345', 3);
    await reading;
    expect(read.join('')).toBe('012345678');
    expect(blob.missing()).toEqual([]);
  });

  test('ends with what there is and the reason where it fails, for every reader', async () => {
    const blob = await whole(Buffer.from('0123'));
    const longer = blobFiles.blob('d', 8);
    const file = fresh();
    await blobFiles.copy(blob, all(blob), file);
    longer.arrived({ start: 0, end: 4, file, at: 0 });
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of longer.read(all(longer))) read.push(chunk.toString());
    })();
    const other = contentOf(longer);
    const failed = [expect(reading).rejects.toThrow('HTTP 500'), expect(other).rejects.toThrow('HTTP 500')];
    await turn();
    longer.fail(new Error('HTTP 500'));
    await Promise.all(failed);
    expect(read.join('')).toBe('0123');
    await expect(contentOf(longer)).rejects.toThrow('HTTP 500');
  });

  test('is not read beyond a file that is shorter than it was', async () => {
    const file = fresh();
    const source = await whole(Buffer.from('012345'));
    await blobFiles.copy(source, all(source), file);
    const blob = blobFiles.blob('d', 6);
    blob.arrived({ start: 0, end: 6, file, at: 0 });
    await truncate(file, 2);
    await expect(contentOf(blob)).rejects.toThrow('is 4 bytes shorter than what was written');
  });
});

describe('a whole blob', () => {
  const bytes = randomBytes(1_200_000);

  test('has the digest of its bytes', async () => {
    expect(await blobFiles.digest(await whole(bytes))).toBe(digestOf(bytes));
    expect(blobFiles.sha256('image')).toBe(digestOf(Buffer.from('image')));
  });

  test('is copied range by range', async () => {
    const file = fresh();
    await blobFiles.copy(await whole(bytes), { start: 500_000, end: 1_100_001 }, file);
    expect((await readFile(file)).equals(bytes.subarray(500_000, 1_100_001))).toBe(true);
    expect(await blobFiles.size(file)).toBe(600_001);
    expect(await blobFiles.size(fresh())).toBeUndefined();
  });

  test.each([true, false])('is packed anew with the same in it (gzip before: %s)', async (gzip) => {
    const file = fresh();
    const packed = await blobFiles.repack(await whole(gzip ? gzipSync(bytes) : bytes), file, gzip);
    const now = await readFile(file);
    expect(packed).toEqual({ digest: digestOf(now), size: now.length });
    expect(zstdDecompressSync(now).equals(bytes)).toBe(true);
  });

  test('that is no gzip is not packed anew', async () => {
    await expect(blobFiles.repack(await whole(bytes), fresh(), true)).rejects.toThrow();
  });
});

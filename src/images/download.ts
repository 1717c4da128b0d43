import { join } from 'node:path';
import type { Descriptor } from '../core/images/contents.ts';
import type { ImageName } from '../core/images/image-name.ts';
import { pieces, type Range } from '../core/images/stretches.ts';
import type { Blob } from '../io/blob-files.ts';
import type { World } from '../world.ts';
import type { Queue } from './queue.ts';
import type { Stock } from './stock.ts';
import { NoRanges, RegistriesRefused, type Upstream } from './upstream.ts';

/** A large blob comes in pieces of so many bytes, several at a time: a registry gives one connection only its share. */
const pieceBytes = 8 * 1024 * 1024;

/** Every piece is asked for so often, unless the answer would be the same; a registry in trouble is left to `docker pull`, which has its own patience. */
const tries = 3;

export interface Downloads {
  readonly stock: Stock;
  readonly queue: Queue;
  /** The run's folder for blobs. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly upstream: Upstream;
  readonly world: Pick<World, 'blobFiles' | 'machine'>;
}

/**
 * Brings blobs of an image from its registry, those first that the engine unpacks first. Blobs that somebody brings already
 * are left to him. Resolves once all have come, with the bytes that did for this image; rejects with the first that did not.
 */
export async function download(
  image: ImageName,
  blobs: readonly Descriptor[],
  urgency: number,
  downloads: Downloads,
): Promise<number> {
  const counts = await Promise.all(
    blobs.map((blob) => downloads.stock.bring(blob.digest, () => whole(image, blob, urgency, downloads))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function whole(
  image: ImageName,
  descriptor: Descriptor,
  urgency: number,
  downloads: Downloads,
): Promise<number> {
  const blob = downloads.stock.of(descriptor);
  const ranges = pieces(blob.missing(), pieceBytes);
  const file = join(downloads.folder, 'blobs', blob.digest.replace('sha256:', ''));
  const get = (range: Range, asked: Range | undefined) =>
    downloads.queue.add(urgency, () => piece({ image, blob, range, asked, file }, downloads));
  try {
    await Promise.all(ranges.map((range) => get(range, blob.size <= pieceBytes ? undefined : range))).catch(
      (error: unknown) => {
        if (!(error instanceof NoRanges)) throw error;
        return get({ start: 0, end: blob.size }, undefined);
      },
    );
  } catch (error) {
    blob.fail(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

interface Piece {
  readonly image: ImageName;
  readonly blob: Blob;
  readonly range: Range;
  /** What the registry is asked for; undefined for the whole blob. */
  readonly asked: Range | undefined;
  readonly file: string;
}

/** One piece, from where it broke off if it did and the registry knows ranges. */
async function piece({ image, blob, range, asked, file }: Piece, downloads: Downloads): Promise<void> {
  const { world, upstream, signal } = downloads;
  const { end } = range;
  let reached = range.start;
  for (let tried = 1; reached < end; tried += 1) {
    try {
      const start = asked === undefined ? range.start : reached;
      const stream = await upstream.blob(image, blob.digest, asked && { start, end }, signal);
      await world.blobFiles.pour(stream, file, { start, end }, (from, to) => {
        blob.arrived({ start: from, end: to, file, at: from });
        reached = to;
      });
      if (reached < end) throw new Error(`${blob.digest} ended after ${reached} of ${end} bytes`);
    } catch (error) {
      const lasting = error instanceof NoRanges || (error instanceof RegistriesRefused && error.lasting);
      if (tried >= tries || lasting || signal.aborted) throw error;
      await world.machine.sleep(tried * 250, signal);
    }
  }
}

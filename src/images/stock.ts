import type { Descriptor } from '../core/images/contents.ts';
import type { Blob, BlobFiles } from '../io/blob-files.ts';

/** The blobs of a run, each once, whichever images it belongs to. */
export interface Stock {
  get(digest: string): Blob | undefined;
  /** The blob, of which nothing has arrived yet where nobody has asked for it before. */
  of(blob: Descriptor): Blob;
  /**
   * Brings a blob, unless somebody does already. Resolves once it is there with the bytes that came for this call: none where
   * it was somebody else's. Rejects for all who wait.
   */
  bring(digest: string, work: () => Promise<number>): Promise<number>;
  /**
   * Forgets a blob that is not to be trusted, unless somebody has put another in its place: who waits for it is told, who asks
   * for it finds none, and it can be brought anew.
   */
  drop(spoiled: Blob, why: Error): void;
}

export function newStock(files: BlobFiles): Stock {
  const blobs = new Map<string, Blob>();
  const coming = new Map<string, Promise<number>>();
  const put = ({ digest, size }: Descriptor) => {
    const blob = files.blob(digest, size);
    blobs.set(digest, blob);
    return blob;
  };
  return {
    get: (digest) => blobs.get(digest),
    of: (blob) => blobs.get(blob.digest) ?? put(blob),
    bring: async (digest, work) => {
      const others = coming.get(digest);
      if (others !== undefined) return others.then(() => 0);
      const own = work();
      coming.set(digest, own);
      return own;
    },
    drop: (spoiled, why) => {
      spoiled.fail(why);
      if (blobs.get(spoiled.digest) !== spoiled) return;
      blobs.delete(spoiled.digest);
      coming.delete(spoiled.digest);
    },
  };
}

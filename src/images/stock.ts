import type { Descriptor } from '../core/images/contents.ts';
import type { Blob, BlobFiles } from '../io/blob-files.ts';

/** The blobs of a run, each once, whichever images it belongs to. */
export interface Stock {
  get(digest: string): Blob | undefined;
  /** The blob, of which nothing has arrived yet where nobody has asked for it before. */
  of(blob: Descriptor): Blob;
  /** Takes it on to bring a blob; false where somebody has already. */
  claim(digest: string): boolean;
  /** Puts a new blob in the place of one that is not whole; who reads from that one is told. */
  renew(blob: Descriptor, why: Error): Blob;
}

export function newStock(files: BlobFiles): Stock {
  const blobs = new Map<string, Blob>();
  const claimed = new Set<string>();
  const put = ({ digest, size }: Descriptor) => {
    const blob = files.blob(digest, size);
    blobs.set(digest, blob);
    return blob;
  };
  return {
    get: (digest) => blobs.get(digest),
    of: (blob) => blobs.get(blob.digest) ?? put(blob),
    claim: (digest) => {
      if (claimed.has(digest)) return false;
      claimed.add(digest);
      return true;
    },
    renew: (blob, why) => {
      const before = blobs.get(blob.digest);
      before?.fail(why);
      claimed.delete(blob.digest);
      return put(blob);
    },
  };
}

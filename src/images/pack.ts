import { join } from 'node:path';
import type { Descriptor } from '../core/images/contents.ts';
import { repackable, repackedLayer } from '../core/images/repack.ts';
import type { Blob } from '../io/blob-files.ts';
import type { World } from '../world.ts';

/**
 * Packs blobs of a run for the cache. The function it returns gives a blob as it will be kept and where it is; undefined
 * where what is on the disk does not have its digest.
 */
export function packer(
  folder: string,
  { blobFiles }: Pick<World, 'blobFiles'>,
): (blob: Descriptor) => Promise<{ readonly packed: Descriptor; readonly blob: Blob } | undefined> {
  const onDisk = ({ digest, size }: Descriptor, kind: string) => {
    const blob = blobFiles.blob(digest, size);
    blob.arrived({ start: 0, end: size, file: fileOf(folder, kind, digest), at: 0 });
    return blob;
  };
  return async (descriptor) => {
    const blob = onDisk(descriptor, 'blobs');
    const found = await blobFiles.digest(blob).catch(() => undefined);
    if (found !== descriptor.digest) return undefined;
    if (!repackable(descriptor)) return { packed: descriptor, blob };
    const file = fileOf(folder, 'packed', descriptor.digest);
    const { digest, size } = await blobFiles.repack(blob, file, /gzip$/.test(descriptor.mediaType));
    const packed = repackedLayer(digest, size);
    const now = blobFiles.blob(digest, size);
    now.arrived({ start: 0, end: size, file, at: 0 });
    return { packed, blob: now };
  };
}

function fileOf(folder: string, kind: string, digest: string): string {
  return join(folder, kind, digest.replace('sha256:', ''));
}

import type { Descriptor } from './contents.ts';
import type { ManifestText } from './entry.ts';
import type { History, Sample } from './history.ts';

/** Where an image came from: `engine` is a plain `docker pull`. */
export type ImageOrigin = 'local' | 'cache' | 'registry' | 'engine';

/** How one image came to be on the machine. */
export interface ImageRecord {
  readonly image: string;
  readonly origin: ImageOrigin;
  /** Of its manifest for this platform; absent where nobody asked for it. */
  readonly digest?: string;
  /** Packed bytes that came over the network for it, as far as the action saw them. */
  readonly bytes?: number;
  /** From the moment that images were wanted until the engine had this one. */
  readonly seconds?: number;
  /** The same where earlier runs got it the other way, registry or cache. */
  readonly otherWay?: number;
}

/** Whether every image that was not on the machine came from the cache, and there was one. */
export function cacheHit(images: readonly ImageRecord[]): boolean {
  const came = images.filter(({ origin }) => origin !== 'local');
  return came.length > 0 && came.every(({ origin }) => origin === 'cache');
}

/** What main leaves for post to keep of one image. */
export interface KeptImage {
  readonly image: string;
  readonly digest: string;
  readonly manifest: ManifestText;
  /** The cache has something under its keys that could not be used. */
  readonly replaces?: true;
  /** It was got with a login: it is kept only where everyone else can get it, too. */
  readonly ifPublic?: true;
}

/** A blob in the cache. */
export interface CachedBlob {
  /** As it is packed there. */
  readonly packed: Descriptor;
  /** The digest of the manifest of the image whose entry has it. */
  readonly owner: string;
}

/** What main leaves for post of all images. */
export interface ImagesLeft {
  readonly platform: string;
  /** The run's folder for blobs. */
  readonly folder: string;
  /** Those that came from a registry and belong into the cache. */
  readonly keep: readonly KeptImage[];
  /** Layers and configurations that are in the cache already, by their digests in the original images. */
  readonly cached: Readonly<Record<string, CachedBlob>>;
  /** What this run has seen, where it tells more than the history did. */
  readonly samples: readonly Sample[];
  readonly history: History;
}

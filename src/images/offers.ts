import { blobsIn, contentsOf } from '../core/images/contents.ts';
import type { ImageEntry, ManifestText } from '../core/images/entry.ts';
import { cacheWins, type History } from '../core/images/history.ts';
import { type ImageName, parseImageName } from '../core/images/image-name.ts';
import type { CachedBlob } from '../core/images/image-record.ts';
import { pairs } from '../core/images/repack.ts';
import type { Pull } from '../core/plan.ts';
import type { Blob } from '../io/blob-files.ts';
import type { World } from '../world.ts';
import { type Downloads, download } from './download.ts';
import { type CachedImage, type Restorer, type Restores, restorer } from './restore.ts';
import type { Stock } from './stock.ts';

/** An image that the engine can pull from this process, while its bytes still come. */
export interface Offer {
  readonly origin: 'cache' | 'registry';
  /** Of the image's own manifest. */
  readonly digest: string;
  readonly original: ManifestText;
  /** What the engine is given: the original, or the same image with its layers packed otherwise. */
  readonly manifest: ManifestText;
  /** What the engine reads. */
  readonly blobs: readonly Blob[];
  /** Whether the cache has something of the image that could not be used. */
  readonly replaces?: Promise<boolean>;
  /** Whether its registry was asked with a login. */
  readonly login?: boolean;
  /** Which blobs are in the cache, by their digests in the original image. */
  readonly cached: Readonly<Record<string, CachedBlob>>;
  /** Resolves with the bytes that came over the network for this image; rejects when some cannot be had. */
  readonly arrived: Promise<number>;
}

export interface Offering {
  readonly world: World;
  readonly platform: string;
  /** Whether the cache may be asked, and whether only as long as it is the faster way. */
  readonly reads: boolean;
  readonly learns: boolean;
  readonly history: Promise<History>;
  /** Whether images that came from their registries may be kept, and which of those that were got with a login. */
  readonly writes: boolean;
  readonly keepsPrivate: boolean;
  readonly downloads: Downloads;
  readonly restores: Restores;
  /** The digest that the images' lock has for an image. */
  locked(image: string, platform: string): string | undefined;
}

/** One image on its way: from the cache where it is there and worth it, else from its registry. */
export interface Sources {
  /** Packed bytes of an image, 0 where that would have to be asked for. */
  size(pull: Pull): Promise<number>;
  /** Undefined where the image cannot be had so; `docker pull` will say why. */
  first(pull: Pull, urgency: number): Promise<Offer | undefined>;
  /** From its registry; `unusable` tells of the cache. */
  again(pull: Pull, urgency: number, unusable: Promise<boolean>): Promise<Offer | undefined>;
}

export function sources(offering: Offering): Sources {
  const cached = restorer(offering.restores);
  const targets = new Map<string, Promise<Target | undefined>>();
  const targetOnce = (pull: Pull) => {
    const target = targets.get(pull.image) ?? targetOf(pull, offering);
    targets.set(pull.image, target);
    return target;
  };
  return {
    size: async (pull) => {
      const known = (await targetOnce(pull))?.known;
      return known === undefined ? 0 : blobsIn(known.body).reduce((sum, { size }) => sum + size, 0);
    },
    first: async (pull, urgency) => {
      const target = await targetOnce(pull);
      if (target === undefined) return undefined;
      const asks = offering.reads && (!offering.learns || cacheWins((await offering.history)[target.digest]));
      const found = asks ? await cached.find(target.digest, urgency) : undefined;
      if (found !== undefined)
        return cacheOffer(target.digest, found, urgency, cached, offering.restores.stock);
      const offer = await registryOffer(target, urgency, offering);
      const matters = asks && offering.writes;
      return offer && { ...offer, ...(matters ? { replaces: cached.isThere(target.digest) } : {}) };
    },
    again: async (pull, urgency, unusable) => {
      const target = await targetOf(pull, offering);
      const offer = target && (await registryOffer(target, urgency, offering));
      return offer && { ...offer, replaces: unusable };
    },
  };
}

interface Target {
  readonly name: ImageName;
  /** Of the manifest for the platform. */
  readonly digest: string;
  /** The manifest, where the digest was asked for. */
  readonly known?: ManifestText;
  manifest(): Promise<ManifestText | undefined>;
}

/** What an image's name means: what the lock says, or else its registry. */
async function targetOf(pull: Pull, offering: Offering): Promise<Target | undefined> {
  const { downloads, locked, world } = offering;
  const platform = pull.platform ?? offering.platform;
  const name = parseImageName(pull.mirror ?? pull.image);
  if (name === undefined) return undefined;
  const ask = async (reference: string) => {
    return downloads.upstream
      .resolve({ ...name, reference }, platform, downloads.signal)
      .catch((error: unknown) => void world.runner.info(`${pull.image}: ${messageOf(error)}`));
  };
  const known = locked(pull.image, platform);
  if (known !== undefined) return { name, digest: known, manifest: () => ask(known) };
  const found = await ask(name.reference);
  return found === undefined
    ? undefined
    : { name, digest: found.digest, known: found, manifest: async () => found };
}

async function registryOffer(
  { name, digest, manifest }: Target,
  urgency: number,
  { downloads }: Offering,
): Promise<Offer | undefined> {
  const original = await manifest();
  const blobs = original === undefined ? [] : blobsIn(original.body);
  if (original === undefined || blobs.length === 0) return undefined;
  const arrived = download(name, blobs, urgency, downloads);
  const read = blobs.map(downloads.stock.of);
  const login = downloads.upstream.usesLogin(name);
  return {
    origin: 'registry',
    digest,
    original,
    manifest: original,
    blobs: read,
    login,
    cached: {},
    arrived,
  };
}

function cacheOffer(
  digest: string,
  { entry, bring }: CachedImage,
  urgency: number,
  restores: Restorer,
  stock: Stock,
): Offer {
  const { original, manifest, elsewhere } = entry;
  // The engine asks for all at once, and waits for what has not come yet.
  const blobs = blobsIn(manifest.body).map(stock.of);
  const owners = [...new Set(Object.values(elsewhere))];
  const others = owners.map(async (owner) => {
    const found = await restores.find(owner, urgency);
    if (found === undefined) throw new Error(`layers of ${digest} are no longer in the cache`);
    const digests = Object.keys(elsewhere).filter((blob) => elsewhere[blob] === owner);
    return found.bring(urgency, digests);
  });
  const arrived = Promise.all([bring(urgency), ...others]).then((counts) =>
    counts.reduce((sum, each) => sum + each, 0),
  );
  return {
    origin: 'cache',
    digest,
    original,
    manifest,
    blobs,
    cached: cachedBlobs(digest, entry),
    arrived,
  };
}

function cachedBlobs(digest: string, { original, manifest, elsewhere }: ImageEntry): Offer['cached'] {
  const [before, now] = [contentsOf(original.body), contentsOf(manifest.body)];
  if (before === undefined || now === undefined) return {};
  const all = [[before.config, now.config] as const, ...pairs(before, now)];
  return Object.fromEntries(
    all.map(([{ digest: name }, packed]) => [name, { packed, owner: elsewhere[packed.digest] ?? digest }]),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

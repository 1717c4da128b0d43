import { join } from 'node:path';
import type { ManifestText } from '../core/images/entry.ts';
import { cacheWins, otherWay, tells } from '../core/images/history.ts';
import type { ImageRecord, ImagesLeft, KeptImage } from '../core/images/image-record.ts';
import { hasDigest } from '../core/mirror.ts';
import type { Pull } from '../core/plan.ts';
import { trouble } from '../pull.ts';
import { type Offer, type Offering, sources } from './offers.ts';
import { byNeed } from './order.ts';
import { TooSlow } from './restore.ts';
import type { Stock } from './stock.ts';

/** Gets images for the engine in the fastest way there is. */
export interface Provider {
  /** The images as they come: who is provided for in another order waits longer. */
  readonly order: readonly Pull[];
  /** Whether the engine has the image now, under its own name; otherwise it is to be pulled in the plain way. */
  provide(pull: Pull): Promise<boolean>;
  /** How images came that came through here. */
  records(): readonly ImageRecord[];
  /** What post needs to keep them. */
  left(): Promise<ImagesLeft>;
  /** Where the blobs are. */
  folders(): readonly string[];
  close(): Promise<void>;
}

/** Begins to bring every image at once, those first that are needed first; see `byNeed` for `rank`. */
export async function startProvider(
  pulls: readonly Pull[],
  offering: Offering,
  rank: (pull: Pull) => number = () => 0,
): Promise<Provider> {
  const { world, downloads } = offering;
  const served = new Map<string, ManifestText>();
  const shelf = {
    manifest: (digest: string) => {
      const manifest = served.get(digest);
      return manifest === undefined
        ? undefined
        : { mediaType: manifest.mediaType, body: Buffer.from(manifest.body) };
    },
    blob: (digest: string) => downloads.stock.get(digest),
  };
  const registry = await world.openRegistry(shelf);
  const { size, first, again } = sources(offering);
  const began = world.machine.now();
  const sizeOf = async (pull: Pull) => (hasDigest(pull.image) ? 0 : size(pull));
  const order = await byNeed(pulls, rank, sizeOf, world.machine);
  const wanted = order.filter(({ image }) => !hasDigest(image));
  const offers = new Map(
    wanted.map((pull, urgency) => [pull.image, { urgency, offer: settled(first(pull, urgency)) }]),
  );
  const names: string[] = [];
  const done: { pull: Pull; offer: Offer; record: ImageRecord }[] = [];
  const finish = async (pull: Pull, offer: Offer) => {
    const seconds = (world.machine.now() - began) / 1000;
    const usual = otherWay((await offering.history)[offer.digest], offer.origin);
    // The engine may have had a layer that could not be had here.
    const bytes = await offer.arrived.catch(() => undefined);
    const { origin, digest } = offer;
    const known = {
      ...(bytes === undefined ? {} : { bytes }),
      ...(usual === undefined ? {} : { otherWay: usual }),
    };
    done.push({ pull, offer, record: { image: pull.image, origin, digest, seconds, ...known } });
  };
  const attempt = async (pull: Pull, offer: Offer | undefined) => {
    if (offer === undefined) return false;
    const digest = world.blobFiles.sha256(offer.manifest.body);
    served.set(digest, offer.manifest);
    const name = registry.nameOf(digest);
    if (!(await hand(pull, name, offer, offering))) return false;
    names.push(name);
    await finish(pull, offer);
    return true;
  };
  return {
    order,
    provide: async (pull) => {
      const { urgency = 0, offer } = offers.get(pull.image) ?? {};
      const found = await offer;
      if (await attempt(pull, found)) return true;
      if (found?.origin !== 'cache' || downloads.signal.aborted) return false;
      world.runner.info(
        `${pull.image}: what the cache has of it cannot be used; it comes from its registry.`,
      );
      drop(found, downloads.stock);
      const unusable = found.arrived.then(
        () => true,
        (error: unknown) => !(error instanceof TooSlow),
      );
      return attempt(pull, await settled(again(pull, urgency, unusable)));
    },
    records: () => done.map(({ record }) => record),
    left: () => leftOf(done, offering),
    folders: () => [join(downloads.folder, 'blobs'), ...offering.restores.parts],
    close: async () => {
      // All at once: a call for each would take its time from the systems that start.
      if (names.length > 0) await world.docker.removeNames(names);
      await registry.close();
    },
  };
}

async function settled(offer: Promise<Offer | undefined>): Promise<Offer | undefined> {
  const found = await offer.catch(() => undefined);
  // Whoever waits for the bytes hears of a failure; nobody does before the engine has begun.
  found?.arrived.catch(() => undefined);
  return found;
}

/** Has the engine pull from this process, and gives the image its own name. A blob that cannot be had ends it at once. */
async function hand(
  { image, platform }: Pull,
  name: string,
  { arrived }: Offer,
  { world, downloads }: Offering,
): Promise<boolean> {
  const spoiled = new AbortController();
  arrived.catch(() => spoiled.abort());
  const signal = AbortSignal.any([downloads.signal, spoiled.signal]);
  const result = await world.docker.pull(name, platform, signal);
  if (signal.aborted) return false;
  if (result.exitCode !== 0) {
    world.runner.info(`${image}: the engine could not take it from this process (${trouble(result)})`);
    return false;
  }
  const tagged = await world.docker.tag(name, image);
  return tagged.exitCode === 0;
}

/** What came of an image so far is not to be trusted. */
function drop({ blobs, digest }: Offer, stock: Stock): void {
  const why = new Error(`the cache’s entry for ${digest} cannot be used`);
  for (const blob of blobs) stock.drop(blob, why);
}

async function keptImage(
  { pull, offer }: { readonly pull: Pull; readonly offer: Offer },
  { keepsPrivate }: Offering,
): Promise<KeptImage> {
  return {
    image: pull.image,
    digest: offer.digest,
    manifest: offer.original,
    ...((await offer.replaces) === true ? { replaces: true } : {}),
    ...(offer.login === true && !keepsPrivate ? { ifPublic: true } : {}),
  };
}

async function leftOf(
  done: readonly { readonly pull: Pull; readonly offer: Offer; readonly record: ImageRecord }[],
  offering: Offering,
): Promise<ImagesLeft> {
  const { platform, downloads, writes, learns } = offering;
  const history = await offering.history;
  const whole = done.filter(({ record }) => record.bytes !== undefined);
  const fresh = whole.filter(
    ({ offer: { origin, digest } }) => origin === 'registry' && (!learns || cacheWins(history[digest])),
  );
  const keep = writes ? await Promise.all(fresh.map((each) => keptImage(each, offering))) : [];
  const cached = Object.assign({}, ...whole.map(({ offer }) => offer.cached)) as ImagesLeft['cached'];
  const seen = done.map(({ offer: { digest, origin }, record: { seconds = 0 } }) => ({
    digest,
    origin,
    seconds,
  }));
  const samples = learns && tells(history, seen) ? seen : [];
  return { platform, folder: downloads.folder, keep, cached, samples, history };
}

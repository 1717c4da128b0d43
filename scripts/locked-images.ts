import { type ImageName, parseImageName } from '../src/core/images/image-name.ts';
import { type Lock, type LockedImage, lockedPlatforms } from '../src/core/images/lock.ts';

/** What resolves names: the registries that images are published in, never a mirror of them. */
export interface Registries {
  resolve(
    image: ImageName,
    platform: string,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string; readonly index?: string }>;
}

/**
 * Asks for every image, one after another: registries count requests. Either all of them are locked or none is, so that
 * a lock never mixes two days.
 * @throws Error with a line for each image that cannot be locked.
 */
export async function lockImages(
  images: readonly string[],
  registries: Registries,
  signal: AbortSignal,
): Promise<Lock> {
  const lock = new Map<string, LockedImage>();
  const refused: string[] = [];
  for (const image of images) {
    try {
      lock.set(image, await lockImage(image, registries, signal));
    } catch (error) {
      refused.push(`${image}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (refused.length > 0) throw new Error(refused.join('\n'));
  return lock;
}

async function lockImage(image: string, registries: Registries, signal: AbortSignal): Promise<LockedImage> {
  const name = parseImageName(image);
  if (name === undefined) throw new Error('is no name of an image');
  if (/^(localhost|127\.)/.test(name.registry))
    throw new Error('a registry on this machine publishes nothing');
  const indexes = new Set<string>();
  const platforms = new Map<string, string>();
  for (const platform of lockedPlatforms) {
    const { digest, index } = await registries.resolve(name, platform, signal);
    if (index === undefined) throw new Error('names one image, not a list for several platforms');
    indexes.add(index);
    platforms.set(platform, digest);
  }
  const [index = ''] = indexes;
  if (indexes.size > 1) throw new Error('the tag was moved meanwhile; try again');
  return { index, platforms };
}

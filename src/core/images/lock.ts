import { parse, stringify } from 'yaml';
import type { Problem } from '../errors.ts';
import { asObject, asString, entries } from '../json.ts';
import { digestRule } from './contents.ts';

/** What a tag named when the lock was written. */
export interface LockedImage {
  /** Of the list of images for all platforms: what `name@digest` takes. */
  readonly index: string;
  /** Of the manifest for a platform, by its name, such as `linux/amd64`. */
  readonly platforms: ReadonlyMap<string, string>;
}

/** By image, as the Compose file spells it. An image that is not here is not locked, and its tag is as good as ever. */
export type Lock = ReadonlyMap<string, LockedImage>;

/** The platforms that are locked: those of GitHub's runners that can run the stack. */
export const lockedPlatforms: readonly string[] = ['linux/amd64', 'linux/arm64'];

/** Reads the images lock. What is wrong in it is a problem and is left out: half an entry locks nothing. */
export function decodeLock(text: string): { lock: Lock; problems: readonly Problem[] } {
  let json: unknown;
  try {
    json = parse(text, { prettyErrors: false });
  } catch (error) {
    const what = `is no YAML: ${error instanceof Error ? error.message : String(error)}`;
    return { lock: new Map(), problems: [{ where: 'images', what }] };
  }
  const images = asObject(json)?.['images'];
  if (asObject(images) === undefined) {
    const what = 'must be a map of images; `images: {}` locks none';
    return { lock: new Map(), problems: [{ where: 'images', what }] };
  }
  const read = entries(images).map(([image, value]) => ({ image, ...decodeImage(image, value) }));
  return {
    lock: new Map(read.flatMap(({ image, locked }) => (locked === undefined ? [] : [[image, locked]]))),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function decodeImage(
  image: string,
  value: unknown,
): { locked: LockedImage | undefined; problems: readonly Problem[] } {
  const { index, ...platforms } = asObject(value) ?? {};
  const digests = [['index', index] as const, ...Object.entries(platforms)];
  const wrong = digests.flatMap(([key, digest]) => {
    const what = fault(key, digest);
    return what === undefined ? [] : [{ where: `images.${image}.${key}`, what }];
  });
  const none = Object.keys(platforms).length === 0;
  const problems = none ? [...wrong, { where: `images.${image}`, what: 'names no platform' }] : wrong;
  if (problems.length > 0) return { locked: undefined, problems };
  const pairs = Object.entries(platforms).map(([key, digest]) => [key, asString(digest) ?? ''] as const);
  return { locked: { index: asString(index) ?? '', platforms: new Map(pairs) }, problems };
}

function fault(key: string, digest: unknown): string | undefined {
  if (key !== 'index' && !/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/.test(key)) {
    return 'is neither `index` nor a platform such as `linux/amd64`';
  }
  return digestRule.test(asString(digest) ?? '') ? undefined : 'must be `sha256:` and 64 hexadecimal digits';
}

/** The digest of an image's manifest for a platform; undefined where it is not locked. A variant (`linux/arm64/v8`) may be left out. */
export function lockedDigest(lock: Lock, image: string, platform: string): string | undefined {
  const platforms = lock.get(image)?.platforms;
  return platforms?.get(platform) ?? platforms?.get(platform.split('/').slice(0, 2).join('/'));
}

/** Entries for images that the Compose file does not name (any more): a lock that is not renewed with its tags. */
export function staleEntries(lock: Lock, images: readonly string[]): readonly Problem[] {
  return [...lock.keys()]
    .filter((image) => !images.includes(image))
    .map((image) => ({ where: `images.${image}`, what: 'is no image of the Compose file' }));
}

/** What renewing the lock changes, a line per image, in words for a review. */
export function lockChanges(before: Lock, after: Lock): readonly string[] {
  const images = [...new Set([...before.keys(), ...after.keys()])].sort();
  return images.flatMap((image) => {
    const [old, now] = [before.get(image), after.get(image)];
    if (now === undefined) return [`${image}: no longer locked`];
    if (old === undefined) return [`${image}: now locked, ${now.index}`];
    if (old.index !== now.index) return [`${image}: the tag was moved from ${old.index} to ${now.index}`];
    return sameDigests(old.platforms, now.platforms) ? [] : [`${image}: other digests for the same index`];
  });
}

function sameDigests(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([platform, digest]) => other.get(platform) === digest);
}

const heading = `# What each tag of compose.yaml named at docker.io when this was written, by digest: of the list of all platforms (index),
# and of the image for each. \`make lock\` writes it, and so does .github/workflows/images-lock.yml every week, as a pull
# request. An image that is not here is pulled by its tag.
`;

const empty = `#
# It locks nothing yet: docker.io could not be reached where it was written, and images from elsewhere, such as a mirror or
# the stand-ins of docs/test-images.md, must not be taken for the published ones.
`;

/** The lock as a file, sorted, so that a diff shows what has changed and nothing else. */
export function renderLock(lock: Lock): string {
  const sorted = [...lock].sort(([one], [other]) => (one < other ? -1 : 1));
  const images = Object.fromEntries(
    sorted.map(([image, { index, platforms }]) => [
      image,
      { index, ...Object.fromEntries([...platforms].sort(([one], [other]) => (one < other ? -1 : 1))) },
    ]),
  );
  return heading + (lock.size === 0 ? empty : '') + stringify({ images }, { lineWidth: 0 });
}

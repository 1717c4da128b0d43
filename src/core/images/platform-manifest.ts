import { asArray, asObject, asString } from '../json.ts';
import { digestRule } from './contents.ts';

/** What a registry is told that is understood: single images and lists of them, OCI's and Docker's. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Whether a manifest is a list of images for several platforms. */
export function isIndex(body: string): boolean {
  return asObject(parsed(body))?.['manifests'] !== undefined;
}

/**
 * The digest of the image for a platform such as `linux/amd64` or `linux/arm/v7`. A variant that is not asked for may be any:
 * `linux/arm64` is usually listed as v8.
 */
export function platformDigest(index: string, platform: string): string | undefined {
  const [os, architecture, variant] = platform.split('/');
  const found = asArray(asObject(parsed(index))?.['manifests'])
    .map((each) => asObject(each))
    .find((each) => {
      const own = asObject(each?.['platform']);
      const same = own?.['os'] === os && own?.['architecture'] === architecture;
      return same && (variant === undefined || own?.['variant'] === variant);
    });
  const digest = asString(found?.['digest']) ?? '';
  return digestRule.test(digest) ? digest : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

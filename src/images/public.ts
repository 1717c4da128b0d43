import { parseImageName } from '../core/images/image-name.ts';
import type { World } from '../world.ts';
import { upstream } from './upstream.ts';

/** Whether its registry gives an image to everyone; one that does not answer does not. */
export async function isPublic(
  image: string,
  digest: string,
  platform: string,
  outside: Pick<World, 'http' | 'blobFiles'>,
  signal: AbortSignal,
): Promise<boolean> {
  const name = parseImageName(image);
  if (name === undefined) return false;
  const everyone = upstream([], { ...outside, dockerLogins: async () => undefined });
  return everyone.resolve({ ...name, reference: digest }, platform, signal).then(
    () => true,
    () => false,
  );
}

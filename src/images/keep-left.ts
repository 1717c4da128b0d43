import type { ImagesLeft } from '../core/images/image-record.ts';
import { cacheFolder, imagesFile } from '../run.ts';
import type { Closing } from '../story.ts';
import type { World } from '../world.ts';
import { keepImages } from './keep.ts';

/** Saves what main has left for the cache, and frees the disk of it. A cancelled job has no time for that. */
export async function keepWhatCame(
  { directory, jobStatus }: Closing,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const { machine, runner, cache } = world;
  try {
    const left = await readLeft(directory, world);
    if (left === undefined || jobStatus === 'cancelled') return;
    runner.openGroup('Cache');
    await keepImages(left, world, signal);
    for (const trouble of cache.troubles()) runner.warning(`The cache said: ${trouble}`);
  } finally {
    cache.close();
    await machine.removeFolder(cacheFolder(directory));
  }
}

async function readLeft(directory: string, { machine }: World): Promise<ImagesLeft | undefined> {
  const file = imagesFile(directory);
  if (!(await machine.isFile(file))) return undefined;
  // Written by main of the same version of the action, into a folder of the job's user alone.
  return JSON.parse(await machine.readText(file)) as ImagesLeft;
}

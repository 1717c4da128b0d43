import { cacheFolder, imagesFile, type Run } from '../run.ts';
import type { World } from '../world.ts';
import type { Brought } from './begin.ts';

/** Writes down for post which images to keep, and what the run has learned of them. */
export async function leaveImages(
  { records, left, apart }: Brought,
  directory: string,
  run: Run,
  { machine, runner, cache }: World,
): Promise<void> {
  run.images = records;
  if (apart !== undefined) run.cache = `Images were pulled without the cache: ${apart}.`;
  for (const trouble of cache.troubles()) runner.info(`The cache said: ${trouble}`);
  cache.close();
  try {
    if (left === undefined || left.keep.length + left.samples.length === 0) return;
    await machine.makeFolder(cacheFolder(directory));
    await machine.writeText(imagesFile(directory), JSON.stringify(left));
  } catch (error) {
    runner.warning(`What came of images could not be left for the cache: ${String(error)}`);
  }
}

import { isFeatureAvailable, restoreCache, saveCache } from '@actions/cache';
import { type CacheAnswer, type CacheRequest, savedAs } from '../core/images/cache-messages.ts';

/** Ranges of one entry that are loaded at once, of 4 MiB each. */
const ranges = 4;

/**
 * Answers one request with `@actions/cache`. It works in the process's own folder: the version of an entry is a hash of the
 * paths that were saved, so that only paths that are the same on every machine can be found again; and
 * `GITHUB_WORKSPACE`, the folder below which the client unpacks, has to be that folder.
 */
export async function answerCacheRequest(request: CacheRequest): Promise<CacheAnswer> {
  const { id, key, path } = request;
  if (!isFeatureAvailable()) return { id, kind: 'failed', why: 'the runner has no cache service' };
  try {
    if (request.kind !== 'save') {
      const lookupOnly = request.kind === 'look';
      const limits = { segmentTimeoutInMs: 120_000, timeoutInMs: 20_000 };
      const options = { downloadConcurrency: ranges, ...limits, lookupOnly };
      const found = await restoreCache([path], key, [...request.prefixes], options);
      return { id, kind: 'restored', ...(found === undefined ? {} : { key: found }) };
    }
    const heard = listen();
    const entry = await saveCache([path], key).finally(() => heard.stop());
    return { id, kind: 'saved', how: savedAs(entry, heard.text()) };
  } catch (error) {
    return { id, kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

/** The client tells why it did not save on stdout alone. */
function listen(): { text(): string; stop(): void } {
  const { write } = process.stdout;
  let said = '';
  process.stdout.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    said += String(chunk);
    return Reflect.apply(write, process.stdout, [chunk, ...rest]) as boolean;
  };
  return {
    text: () => said,
    stop: () => {
      process.stdout.write = write;
    },
  };
}

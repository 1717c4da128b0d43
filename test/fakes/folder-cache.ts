import { cp, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../../src/io/cache.ts';

/** A cache in a folder of this machine: an entry is a folder of that name. */
export function folderCache(root: string): Cache {
  const isThere = async (key: string) => {
    const found = await stat(join(root, key)).catch(() => undefined);
    return found?.isDirectory() === true;
  };
  return {
    available: () => true,
    prepare: () => {},
    troubles: () => [],
    close: () => {},
    look: async (key) => ((await isThere(key)) ? key : undefined),
    restore: async (key, folder) => {
      if (!(await isThere(key))) return undefined;
      await cp(join(root, key), folder, { recursive: true });
      return key;
    },
    save: async (key, folder) => {
      if (await isThere(key)) return 'taken';
      await mkdir(root, { recursive: true });
      await cp(folder, join(root, key), { recursive: true });
      return 'saved';
    },
  };
}

import type { World } from '../../src/world.ts';
import type { Clock } from './clock.ts';
import type { Scene, Seen } from './scene.ts';

/** The first bytes of an archive, and what is none. */
const magic = Uint8Array.of(0xa2, 0xab, 0x0b, 0xf0);
const other = Uint8Array.of(1, 2, 3, 4);

const sizeOf = (path: string, text: string) =>
  path.endsWith('.jsa') && text !== 'cut' ? 5_000_000 : text.length;

/** Archives and their cache, in memory: of a file only its name, its size and its text count. */
export function fakeWarm(scene: Scene, seen: Seen, clock: Clock): Pick<World, 'archives' | 'cache'> {
  const inFolder = (folder: string) => [...seen.files].filter(([path]) => path.startsWith(`${folder}/`));
  return {
    archives: {
      makeFolder: async (path) => void seen.effects.push(`open ${path}`),
      writeText: async (file, text) => void seen.files.set(file, text),
      look: async (file) => {
        const text = seen.files.get(file);
        return text === undefined
          ? undefined
          : { start: text === 'archive' ? magic : other, size: 5_000_000 };
      },
      list: async (folder) =>
        inFolder(folder).map(([path, text]) => ({
          name: path.slice(folder.length + 1),
          size: sizeOf(path, text),
        })),
      move: async (file, to) => {
        seen.files.set(to, seen.files.get(file) ?? '');
        seen.files.delete(file);
      },
      listingOrder: async () => '2 1',
      hash: (text) => Buffer.from(text).toString('hex').padEnd(12, '0'),
    },
    cache: {
      available: () => (scene.cacheUse ?? 'off') !== 'off',
      prepare: () => {},
      troubles: () => [],
      close: () => {},
      look: async (key) => (scene.cached?.(key) === undefined ? undefined : key),
      restore: async (key, folder, signal) => {
        seen.effects.push(`restore ${key}`);
        const entry = scene.cached?.(key);
        await clock.sleep(entry?.takes ?? 0, signal);
        if (entry === undefined) return undefined;
        seen.files.set(`${folder}/5000000.jsa`, entry.broken === true ? 'garbage' : 'archive');
        if (entry.cut === true) seen.files.set(`${folder}/5000000.jsa`, 'cut');
        return key;
      },
      save: async (key, folder) => {
        const names = inFolder(folder).map(([path]) => path.slice(folder.length + 1));
        seen.effects.push(`save ${key}: ${names.join(' ')}`);
        return 'saved';
      },
    },
  };
}

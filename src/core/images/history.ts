import { asArray, asObject } from '../json.ts';
import { median } from '../median.ts';
import { digestRule } from './contents.ts';

/** What earlier runs have seen of an image: seconds until the engine had it, the newest last. */
export interface Experience {
  readonly registry: readonly number[];
  readonly cache: readonly number[];
}

/** By the digest of the image's manifest. */
export type History = Readonly<Record<string, Experience>>;

/** Where the cache keeps it: the newest entry whose key begins so counts. */
export function historyPrefix(platform: string): string {
  return `paklog-images-2-${platform.replaceAll('/', '-')}-`;
}

/** The file in such an entry. */
export const historyFile = 'history.json';

/** One image that this run has got. */
export interface Sample {
  readonly digest: string;
  readonly origin: 'registry' | 'cache';
  readonly seconds: number;
}

/** So many runs are remembered of either way, so that what has become slower or faster since is seen. */
const remembered = 5;
/** A single run may have been slow for a reason of its own. */
const enough = 2;
/** So many images; those that were not used for the longest time are forgotten first. */
const imagesRemembered = 100;

/** Whether the cache is worth asking for an image: until both ways are known it is, afterwards only as the faster one. */
export function cacheWins({ registry, cache }: Experience = { registry: [], cache: [] }): boolean {
  if (cache.length < enough || registry.length === 0) return true;
  return median(cache) <= median(registry);
}

/** Seconds that an image took the other way, as far as that is known. */
export function otherWay(experience: Experience | undefined, origin: Sample['origin']): number | undefined {
  const seconds = experience?.[origin === 'cache' ? 'registry' : 'cache'] ?? [];
  return seconds.length === 0 ? undefined : median(seconds);
}

/** The history with what a run has seen. */
export function learned(history: History, samples: readonly Sample[]): History {
  const added = samples.map(({ digest, origin, seconds }) => {
    const before = history[digest] ?? { registry: [], cache: [] };
    const series = [...before[origin], Math.round(seconds * 100) / 100].slice(-remembered);
    return [digest, { ...before, [origin]: series }] as const;
  });
  const fresh = new Set(samples.map(({ digest }) => digest));
  const others = Object.entries(history).filter(([digest]) => !fresh.has(digest));
  return Object.fromEntries([...others, ...added].slice(-imagesRemembered));
}

/**
 * Whether what a run has seen is worth an entry of its own: as long as too little is known of an image, or when the
 * verdict on it changes.
 */
export function tells(history: History, samples: readonly Sample[]): boolean {
  const after = learned(history, samples);
  return samples.some(({ digest, origin }) => {
    const known = history[digest]?.[origin].length ?? 0;
    return (
      known < (origin === 'cache' ? enough : 1) || cacheWins(history[digest]) !== cacheWins(after[digest])
    );
  });
}

export function encodeHistory(history: History): string {
  return JSON.stringify(history);
}

/** Total: what cannot be read is forgotten. */
export function decodeHistory(text: string): History {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const entries = Object.entries(asObject(json) ?? {}).filter(([digest]) => digestRule.test(digest));
  return Object.fromEntries(
    entries.map(([digest, value]) => {
      const each = asObject(value);
      return [digest, { registry: series(each?.['registry']), cache: series(each?.['cache']) }];
    }),
  );
}

function series(value: unknown): readonly number[] {
  return asArray(value)
    .filter((each): each is number => typeof each === 'number' && Number.isFinite(each) && each >= 0)
    .slice(-remembered);
}

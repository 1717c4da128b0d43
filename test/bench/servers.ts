import { join } from 'node:path';
import { type Link, link } from './link.ts';
import type { Options } from './options.ts';

/** How fast it is from now on. */
export interface Pace {
  /** Over all connections; without it there is no limit. */
  readonly bytesPerSecond?: number;
  readonly bytesPerSecondAndConnection?: number;
  /** Milliseconds until the first byte of an answer. */
  readonly latency?: number;
}

export interface Served {
  readonly bytes: number;
  readonly requests: number;
}

/** The address that scripts/engine.sh gives dockerd as its mirror; this one has a network of its own. */
export const upstreamPort = 5000;

/**
 * `open`: a repository without caches, in place of the one of that name. `repace`: another speed for it, with the caches it has.
 * `use`: the one that is open. `close`: it is gone. Without a question the answer only tells the figures.
 */
export type CacheQuestion =
  | { readonly open: string; readonly bytesPerSecond?: number | undefined }
  | { readonly repace: string; readonly bytesPerSecond: number }
  | { readonly use: string }
  | { readonly close: string }
  | undefined;

export interface CacheAnswer {
  /** What the runner tells actions of the repository that was asked for. */
  readonly env: Readonly<Record<string, string>>;
  /** Of caches, that have left since the process started. */
  readonly bytes: number;
  /** Keys and bytes of what is kept in the repository that was asked for. */
  readonly entries: readonly { readonly key: string; readonly size: number }[];
}

/** The registry and the cache service, both slow, each in a process of its own. */
export interface Servers {
  readonly upstream: Link<Pace | undefined, Served>;
  readonly cache: Link<CacheQuestion, CacheAnswer>;
}

const script = (name: string): string => join(import.meta.dirname, name);

/** Starts both. `content` is the folder that `collectImages` has filled. */
export function startServers(content: string): Servers {
  return { upstream: link(script('upstream.ts'), [content]), cache: link(script('cache.ts')) };
}

export async function stopServers({ upstream, cache }: Servers): Promise<void> {
  await Promise.all([upstream.stop(), cache.stop()]);
}

/** Bytes that both have sent so far. */
export async function servedBy({ upstream, cache }: Servers): Promise<{
  readonly upstreamBytes: number;
  readonly cacheBytes: number;
}> {
  const [one, other] = await Promise.all([upstream.ask(undefined), cache.ask(undefined)]);
  return { upstreamBytes: one.bytes, cacheBytes: other.bytes };
}

/** The registry at a speed in MB/s. */
export function paceOf(speed: number, { share, latency }: Options): Pace {
  const bytesPerSecond = speed * 1e6;
  return { bytesPerSecond, bytesPerSecondAndConnection: bytesPerSecond * share, latency };
}

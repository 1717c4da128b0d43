/**
 * What the process with the cache client is asked, one message each; `path` is below the folder that it works in. `look` asks
 * whether `restore` would find an entry.
 */
export type CacheRequest = {
  readonly id: number;
  readonly key: string;
  readonly path: string;
} & ({ readonly kind: 'restore' | 'look'; readonly prefixes: readonly string[] } | { readonly kind: 'save' });

/**
 * How saving an entry ended: `taken` is a key that somebody else has or is filling, `refused` a token that may not write.
 */
export type Saved = 'saved' | 'taken' | 'refused' | 'failed';

export type CacheAnswer = { readonly id: number } & (
  | {
      readonly kind: 'restored' /** The key of the entry; none was there without it. */;
      readonly key?: string;
    }
  | { readonly kind: 'saved'; readonly how: Saved }
  | { readonly kind: 'failed'; readonly why: string }
);

/** What saving came to, by what the client said about it: it throws for hardly anything, and gives no entry's number (-1). */
export function savedAs(entry: number, said: string): Saved {
  if (entry >= 0) return 'saved';
  if (/cache write denied|does not permit writes/.test(said)) return 'refused';
  return /another job may be creating|already exists/.test(said) ? 'taken' : 'failed';
}

/** The client's own words in a line of its output, without the command that makes an annotation of them. */
export function clientTrouble(line: string): string | undefined {
  const [, , said = ''] = /^::(warning|error)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
  return said === '' ? undefined : said.replace(/^Failed to (?:restore|save): /, '');
}

import type { RunIds } from './artifact-service.ts';

/** Which run a job belongs to, and what it may do with the cache. */
export interface RunToken {
  /** `refs/heads/main`, the default branch, unless given; `refs/pull/7/merge` for a pull request. */
  readonly ref?: string;
  /** The base of a pull request, whose entries its runs read too. */
  readonly base?: string;
  /**
   * What the service lets the token do, in the words of ACTIONS_CACHE_MODE; `write` is reading and writing, and the default.
   * Runs of `pull_request_target`, `issue_comment` and their like have `read`.
   */
  readonly mode?: 'none' | 'read' | 'write' | 'write-only';
  /** The runner tells actions about the mode (ACTIONS_CACHE_MODE). Without it they learn of it by being refused. */
  readonly announced?: boolean;
}

/** A ref as the token names it in its claim `ac`: 1 is reading, 2 writing, 3 both. */
export interface CacheScope {
  readonly Scope: string;
  readonly Permission: number;
}

export const defaultBranch = 'refs/heads/main';

/** Its own ref, its base, the default branch, in the order in which the service looks for entries; it writes the first alone. */
export function cacheScopes({ ref = defaultBranch, base = ref, mode = 'write' }: RunToken): CacheScope[] {
  const own = { none: 0, read: 1, 'write-only': 2, write: 3 }[mode];
  const refs = [...new Set([ref, base, defaultBranch])];
  const scopes = refs.map((Scope) => ({ Scope, Permission: Scope === ref ? own : own & 1 }));
  return scopes.filter(({ Permission }) => Permission > 0);
}

/** A JWT whose claims say which run and which job its bearer belongs to; nobody checks its signature here. */
export function runtimeToken({ run, job }: RunIds, scopes: readonly CacheScope[]): string {
  const claims = {
    scp: `Actions.GenericRead:0000 Actions.Results:${run}:${job}`,
    ac: JSON.stringify(scopes),
    exp: Math.floor(Date.now() / 1000) + 6 * 3600,
  };
  const parts = [{ typ: 'JWT', alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)));
  return [...parts, Buffer.from('signature')].map((part) => part.toString('base64url')).join('.');
}

export const cacheModes = ['auto', 'on', 'read-only', 'off'] as const;
export type CacheMode = (typeof cacheModes)[number];

/** What a run does with the cache, and why. */
export interface CachePolicy {
  readonly read: boolean;
  readonly write: boolean;
  /** Uses the cache for an image only as long as that has been the faster way. */
  readonly learns: boolean;
  readonly because: string;
}

/** What started the workflow, in GitHub's words. */
export interface Trigger {
  /** `GITHUB_EVENT_NAME`. */
  readonly event: string;
  /** `GITHUB_REF_TYPE`: `branch` or `tag`. */
  readonly refType: string;
}

/**
 * Events that `auto` keeps away from the cache. A release is built from what the registry has; the others run with the
 * base repository's rights while somebody else's code may have come along, and what they write is read by everyone.
 */
const kept = ['release', 'pull_request_target', 'workflow_run'];

export function cachePolicy(mode: CacheMode, { event, refType }: Trigger, available: boolean): CachePolicy {
  const none = { read: false, write: false, learns: false };
  if (mode === 'off') return { ...none, because: 'cache: off' };
  if (!available) return { ...none, because: 'this runner has no cache service' };
  if (mode === 'auto' && refType === 'tag') return { ...none, because: 'cache: auto, and this is a tag' };
  if (mode === 'auto' && kept.includes(event))
    return { ...none, because: `cache: auto, and this is a ${event} event` };
  if (mode === 'read-only') return { read: true, write: false, learns: false, because: 'cache: read-only' };
  return { read: true, write: true, learns: mode === 'auto', because: `cache: ${mode}` };
}

/** The policy as a sentence for a person. */
export function policyInWords({ read, write, because }: CachePolicy): string {
  if (!read) return `The cache was not used: ${because}.`;
  return `The cache was ${write ? 'used' : 'read and not written'} (${because}).`;
}

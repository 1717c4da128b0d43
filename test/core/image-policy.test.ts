import { describe, expect, test } from 'vitest';
import { clientTrouble, savedAs } from '../../src/core/images/cache-messages.ts';
import { type CacheMode, cacheModes, cachePolicy } from '../../src/core/images/policy.ts';

const branch = (event: string) => ({ event, refType: 'branch' });
const uses = (mode: CacheMode, trigger: { event: string; refType: string }, available = true) => {
  const { read, write, learns } = cachePolicy(mode, trigger, available);
  return [read && 'read', write && 'write', learns && 'learns'].filter(Boolean).join(' ');
};

describe('with `cache: auto` the cache', () => {
  test.each(['push', 'pull_request', 'workflow_dispatch', 'schedule', 'merge_group', ''])(
    'is read, written and learned from in a %s event',
    (event) => {
      expect(uses('auto', branch(event))).toBe('read write learns');
    },
  );

  test.each([
    ['release', 'tag', 'this is a tag'],
    ['push', 'tag', 'this is a tag'],
    ['release', 'branch', 'this is a release event'],
    ['pull_request_target', 'branch', 'this is a pull_request_target event'],
    ['workflow_run', 'branch', 'this is a workflow_run event'],
  ])('is left alone in a %s event on a %s', (event, refType, why) => {
    expect(uses('auto', { event, refType })).toBe('');
    expect(cachePolicy('auto', { event, refType }, true).because).toBe(`cache: auto, and ${why}`);
  });
});

describe('the cache', () => {
  test.each([
    ['on', 'read write'],
    ['read-only', 'read'],
    ['off', ''],
  ] as const)('is used as `cache: %s` says, whatever the event', (mode, use) => {
    const triggers = ['push', 'release', 'pull_request_target', 'workflow_run'].flatMap((event) =>
      ['branch', 'tag'].map((refType) => ({ event, refType })),
    );
    for (const trigger of triggers) expect(uses(mode, trigger)).toBe(use);
    expect(cachePolicy(mode, branch('push'), true).because).toBe(`cache: ${mode}`);
  });

  test.each(cacheModes)('is left alone where there is none, also with `cache: %s`', (mode) => {
    expect(uses(mode, branch('push'), false)).toBe('');
    const why = mode === 'off' ? 'cache: off' : 'this runner has no cache service';
    expect(cachePolicy(mode, branch('push'), false).because).toBe(why);
  });
});

describe('an entry', () => {
  // In the words of @actions/cache 6.3.0.
  test.each([
    [7, '', 'saved'],
    [0, '', 'saved'],
    [-1, '::warning::Failed to save: cache write denied: token has no writable scopes', 'refused'],
    [-1, "Cache save skipped: the effective cache-mode 'read' does not permit writes.", 'refused'],
    [
      -1,
      'Failed to save: Unable to reserve cache with key k, another job may be creating this cache. More details: x',
      'taken',
    ],
    [-1, 'cache entry with the same key, version, and scope already exists', 'taken'],
    [-1, 'Failed to save: Unable to finalize cache with key k, another job may be finalizing it.', 'failed'],
    [-1, '', 'failed'],
  ] as const)('with the number %d after %j is %s', (entry, said, how) => {
    expect(savedAs(entry, said)).toBe(how);
  });
});

describe('the client’s output', () => {
  test.each([
    ['::warning::Failed to restore: aborted', 'aborted'],
    ['::error::Failed to save: HTTP 500', 'HTTP 500'],
    ['::warning title=a::tar is missing', 'tar is missing'],
    ['::warning::', undefined],
    ['::debug::Failed to restore: aborted', undefined],
    ['Cache hit for: k', undefined],
    ['it said ::warning::x', undefined],
  ])('tells of trouble or not: %j', (line, trouble) => {
    expect(clientTrouble(line)).toBe(trouble);
  });
});

import { describe, expect, test } from 'vitest';
import { fixture, scripted } from '../runner/fixtures/scripted.ts';
import { runJob, stepOf } from '../runner/job.ts';
import { cacheVersion, type Fault, type ResultsService, resultsService } from '../runner/results-service.ts';

/** A job of one action that has GitHub's own client at hand; what it tells, and what the client warns of. */
async function withClient(env: ResultsService['env'], script: string) {
  const prepare = `
    const { restoreCache, saveCache } = await import(${JSON.stringify(fixture('cache-client.js'))});
    const { createHash, randomBytes } = process.getBuiltinModule('node:crypto');
    const { mkdirSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const tell = (value) => say('told ' + JSON.stringify(value ?? null));
    const save = (key, text) => {
      mkdirSync('data', { recursive: true });
      writeFileSync('data/a', text);
      return saveCache(['data'], key);
    };
    const restore = async (...keys) => {
      rmSync('data', { recursive: true, force: true });
      tell(await restoreCache(['data'], keys[0], keys.slice(1)));
    };`;
  const job = await runJob({ actionEnv: env, steps: [scripted(prepare + script)] });
  const { log, annotations, outcome } = stepOf(job, 'it');
  expect(outcome, job.text).toBe('success');
  const told: unknown[] = log
    .filter((line) => line.startsWith('told '))
    .map((line) => JSON.parse(line.slice(5)));
  return { told, log, warnings: annotations.map(({ message }) => message) };
}

describe.concurrent('the stand-in, asked by the unmodified client', () => {
  test('gives a later run what an earlier one saved, by key and by restore key', async () => {
    await using service = await resultsService();
    const first = await withClient(
      service.env,
      "await restore('app-1'); tell(await save('app-1', 'hello'));",
    );
    expect(first).toMatchObject({ told: [null, 1], warnings: [] });
    expect(service.caches).toMatchObject([
      { key: 'app-1', version: cacheVersion(['data']), ref: 'refs/heads/main' },
    ]);
    const later = await withClient(
      service.job({ ref: 'refs/pull/7/merge' }),
      "await restore('app-1'); tell(read('data/a')); await restore('app-2', 'app-'); tell(read('data/a'));",
    );
    expect(later).toMatchObject({ told: ['app-1', 'hello', 'app-1', 'hello'], warnings: [] });
    expect(later.log).toContain('Cache hit for restore-key: app-1');
    const asked = ['GetCacheEntryDownloadURL', 'GetBlob'];
    expect(service.requests).toEqual([
      'GetCacheEntryDownloadURL',
      ...['CreateCacheEntry', 'PutBlob', 'FinalizeCacheEntryUpload', ...asked, ...asked],
    ]);
  });

  test('refuses a key that is taken, by an entry or by a reservation', async () => {
    const entries = [{ key: 'stuck', version: cacheVersion(['data']) }];
    await using service = await resultsService({ cache: { entries } });
    const { told, log, warnings } = await withClient(
      service.env,
      "await save('k', '1'); for (const key of ['k', 'stuck']) tell(await save(key, '2')); await restore('stuck');",
    );
    expect([told, warnings]).toEqual([[-1, -1, null], []]);
    for (const key of ['k', 'stuck'])
      expect(log).toContain(
        `Failed to save: Unable to reserve cache with key ${key}, another job may be creating this cache.`,
      );
  });

  test('serves several ranges at once from Azure’s host', async () => {
    await using service = await resultsService({ cache: { blobHost: 'shop.blob.core.windows.net' } });
    const { told, warnings } = await withClient(
      service.env,
      `const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
      const bytes = randomBytes(9e6);
      await save('big', bytes);
      await restore('big');
      tell(hash(process.getBuiltinModule('node:fs').readFileSync('data/a')) === hash(bytes))`,
    );
    expect({ told, warnings }).toEqual({ told: ['big', true], warnings: [] });
    expect(service.requests.filter((name) => /^(Head|Get)Blob$/.test(name))).toEqual([
      'HeadBlob',
      'GetBlob',
      'GetBlob',
      'GetBlob',
    ]);
  });

  test('gives back as the entry’s what was put under its key', async () => {
    await using service = await resultsService();
    await withClient(service.env, "await save('good', 'good'); await save('bad', 'bad');");
    service.replaceCache('good', service.caches[1]?.bytes ?? Buffer.of());
    const { told, warnings } = await withClient(service.env, "await restore('good'); tell(read('data/a'));");
    expect({ told, warnings }).toEqual({ told: ['good', 'bad'], warnings: [] });
  });

  test.for([
    [
      'read',
      { announced: false },
      'Failed to save: Unable to reserve cache with key new. More details: cache write denied: token has no writable scopes',
    ],
    [
      'none',
      { announced: false },
      'Failed to restore: Failed to GetCacheEntryDownloadURL: Received non-retryable error: Failed request: (403) Forbidden: cache read denied: token has no readable scopes',
    ],
    [
      'read',
      { announced: true },
      "Cache save skipped: the effective cache-mode 'read' does not permit writes.",
    ],
    [
      'none',
      { announced: true },
      "Cache restore skipped: the effective cache-mode 'none' does not permit reads.",
    ],
  ] as const)('denies by the token: %s, %o', async ([mode, { announced }, words]) => {
    await using service = await resultsService({ cache: { token: { mode, announced } } });
    const { log, warnings } = await withClient(service.env, "await restore('k'); await save('new', '');");
    expect(announced ? log : warnings).toContain(words);
    if (announced) expect(warnings).toEqual([]);
    expect(service.requests.includes('CreateCacheEntry')).toBe(!announced);
  });
});

const restores: ReadonlyArray<readonly [string, Fault, RegExp]> = [
  [
    'the service has enough of it',
    { at: 'GetCacheEntryDownloadURL', how: 429 },
    /^Failed to restore: .*Rate limited: .*\(429\)/,
  ],
  [
    'the connection breaks off in a message',
    { at: 'GetCacheEntryDownloadURL', how: 'reset' },
    /^Failed to restore: .*ECONNRESET/,
  ],
  [
    'the storage fails',
    { at: 'GetBlob', how: 500 },
    /^Failed to restore: downloadCache failed: Cache service responded with 500/,
  ],
  ['the download ends early', { at: 'GetBlob', how: 'truncate' }, /^Failed to restore: aborted/],
  ['nothing more comes', { at: 'GetBlob', how: 'stall' }, /^Failed to restore: /],
  [
    'a byte is another',
    { at: 'GetBlob', how: 'corrupt' },
    /^Failed to restore: .*tar.* failed with error: .* exit code 2/,
  ],
];

describe.concurrent('its faults, as the unmodified client meets them', () => {
  test.for(restores)('in a restore: %s', { timeout: 30_000 }, async ([, fault, warning]) => {
    await using service = await resultsService({ faults: [fault] });
    const { told, warnings } = await withClient(
      service.env,
      "await save('k', 'x'.repeat(1e5)); await restore('k');",
    );
    expect(warnings).toEqual([expect.stringMatching(warning)]);
    expect(told).toEqual([null]);
  });

  test('in a save: a reservation stays whose end did not get through', async () => {
    await using service = await resultsService({
      faults: [{ at: 'FinalizeCacheEntryUpload', how: 'reset', times: 1 }],
    });
    const { told, warnings } = await withClient(
      service.env,
      "tell(await save('k', '1')); tell(await save('k', '2')); await restore('k');",
    );
    expect(told).toEqual([-1, -1, null]);
    expect(warnings).toEqual([expect.stringMatching(/^Failed to save: .*ECONNRESET/)]);
    expect(service.caches).toEqual([]);
  });
});

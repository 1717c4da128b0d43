import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { exec } from '@actions/exec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stepOf } from '../runner/job.ts';
import { type ResultsOptions, resultsService } from '../runner/results-service.ts';
import { type Brought, image } from './caller-stack.ts';
import { haveImage } from './docker.ts';
import { bringImage, type KeptEntry, type KeptImage, keptImage, tampered } from './kept-image.ts';

let kept: KeptImage;
beforeAll(async () => {
  await haveImage(image);
  kept = await keptImage();
}, 120_000);
afterAll(() => kept[Symbol.asyncDispose]());

/** A job with the cache as it is given; the image has to be the registry's, and nobody may be stopped by the cache. */
async function bringWith(
  cache: string,
  options: ResultsOptions,
  github: Readonly<Record<string, string>> = {},
) {
  await using results = await resultsService(options);
  const { job, identity } = await bringImage(kept.registry, cache, { actionEnv: results.env, github });
  expect(job.conclusion, job.text).toBe('success');
  expect(identity, job.text).toBe(kept.identity);
  expect(errorsOf(job), job.text).toEqual([]);
  expect(job.left).toEqual([]);
  const calls = results.requests.filter((each) => /Cache/.test(each));
  return { job, calls, hit: stepOf(job, 'stack').outputs['cache-hit'], caches: results.caches };
}

const annotationsOf = (job: Brought) => job.steps.flatMap(({ annotations }) => annotations);
const errorsOf = (job: Brought) => annotationsOf(job).filter(({ level }) => level === 'error');
const warningsOf = (job: Brought) => annotationsOf(job).map(({ message }) => message);
const given = (bytes: Buffer) => ({ cache: { entries: [{ ...kept.entry, bytes }] } });

interface Told {
  readonly manifest: { body: string };
  readonly parts: { digest: string; start: number; end: number }[][];
}

/** Puts a layer of somebody's own in the place of the uppermost one, everywhere, under its true digest. */
async function exchangeLayer(folder: string): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'layer-'));
  await writeFile(join(place, 'poison'), 'poison');
  await exec('tar', ['-cf', join(place, 'layer.tar'), '-C', place, 'poison'], { silent: true });
  const layer = zstdCompressSync(await readFile(join(place, 'layer.tar')));
  await rm(place, { recursive: true });
  const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
  const told = JSON.parse(await readFile(join(folder, 'image.json'), 'utf8')) as Told;
  const manifest = JSON.parse(told.manifest.body) as { layers: { digest: string; size: number }[] };
  const last = manifest.layers.at(-1) ?? { digest: '', size: 0 };
  for (const chunk of told.parts.flat())
    if (chunk.digest === last.digest) Object.assign(chunk, { digest, end: layer.length });
  await rm(join(folder, `${last.digest.slice(7)}-0`));
  await writeFile(join(folder, `${digest.slice(7)}-0`), layer);
  Object.assign(last, { digest, size: layer.length });
  told.manifest.body = JSON.stringify(manifest);
  await writeFile(join(folder, 'image.json'), JSON.stringify(told));
}

/** The file of the uppermost layer, which the engine has not. */
async function layerIn(folder: string): Promise<string> {
  const told = JSON.parse(await readFile(join(folder, 'image.json'), 'utf8')) as Told;
  const manifest = JSON.parse(told.manifest.body) as { layers: { digest: string }[] };
  return join(folder, `${manifest.layers.at(-1)?.digest.slice(7)}-0`);
}

describe('an entry of the cache', { timeout: 90_000 }, () => {
  test('brings the image where nothing is wrong with it', async () => {
    const { hit, job } = await bringWith('on', given(kept.entry.bytes));
    expect([hit, warningsOf(job)]).toEqual(['true', []]);
  });

  test.each(['truncate', 'corrupt', 'stall'] as const)(
    'that does not come well (%s) is passed over',
    async (how) => {
      const faults = [{ at: 'GetBlob', how, key: kept.entry.key }];
      const { hit } = await bringWith('on', { ...given(kept.entry.bytes), faults });
      expect(hit).toBe('false');
    },
  );

  test.each<[string, (entry: KeptEntry) => Promise<Buffer>, string]>([
    [
      'an archive that was cut short',
      async ({ bytes }) => bytes.subarray(0, bytes.length >> 1),
      'The cache said: ',
    ],
    ['no archive', async () => Buffer.from('<html>'), 'The cache said: '],
    [
      'nothing to tell',
      (entry) => tampered(entry, (folder) => writeFile(join(folder, 'image.json'), '{}')),
      'kept in the cache',
    ],
    [
      'a layer that is shorter',
      (entry) => tampered(entry, async (folder) => truncate(await layerIn(folder), 1000)),
      'what the cache has of it cannot be used',
    ],
    [
      'a layer with another byte',
      (entry) =>
        tampered(entry, async (folder) => {
          const file = await layerIn(folder);
          const bytes = await readFile(file);
          bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
          await writeFile(file, bytes);
        }),
      'the engine could not take it from this process (',
    ],
    [
      'a layer of somebody’s own, told of as it is',
      (entry) => tampered(entry, exchangeLayer),
      'the engine could not take it from this process (layers from manifest don',
    ],
  ])('that has %s never reaches the engine’s store', async (_, change, said) => {
    const { hit, job, caches } = await bringWith('on', given(await change(kept.entry)));
    expect(hit).toBe('false');
    expect(job.text).toContain(said);
    // What takes its place is found by the next run.
    const entries = caches.map(({ key, version, bytes }) => ({ key, version, bytes }));
    expect((await bringWith('on', { cache: { entries } })).hit).toBe('true');
  });
});

describe('a cache', { timeout: 90_000 }, () => {
  test('that answers nothing is done without', async () => {
    const faults = [
      { at: 'GetCacheEntryDownloadURL', how: 'reset' },
      { at: 'CreateCacheEntry', how: 'reset' },
    ] as const;
    const { hit, caches } = await bringWith('on', { faults });
    expect([hit, caches]).toEqual(['false', []]);
  });

  test.each([true, false])(
    'that this run may only read is not written to (announced: %s)',
    async (announced) => {
      const { job, caches } = await bringWith('on', { cache: { token: { mode: 'read', announced } } });
      expect(caches).toEqual([]);
      expect(job.text).toContain('not kept, this run may not write to the cache');
    },
  );

  test('that this run may only read is read', async () => {
    const token = { mode: 'read', announced: true } as const;
    const entries = [kept.entry];
    const { hit } = await bringWith('on', { cache: { entries, token } });
    expect(hit).toBe('true');
  });

  test('that another run is just filling is left to that one', async () => {
    const { key, version } = kept.entry;
    const { job, hit } = await bringWith('on', { cache: { entries: [{ key, version }] } });
    expect(hit).toBe('false');
    expect(job.text).toContain('another run keeps it in the cache');
  });

  test('that is read-only gives and takes nothing', async () => {
    const full = await bringWith('read-only', given(kept.entry.bytes));
    expect(full.hit).toBe('true');
    const empty = await bringWith('read-only', {});
    expect([empty.hit, empty.caches]).toEqual(['false', []]);
    expect(empty.calls).not.toContain('CreateCacheEntry');
  });

  test.each([
    ['off', {}],
    ['auto', { ref: 'refs/tags/v1', ref_name: 'v1', ref_type: 'tag' }],
    ['auto', { event_name: 'release' }],
    ['auto', { event_name: 'pull_request_target' }],
  ])('is not asked at all with `cache: %s` and %j', async (cache, github) => {
    const { hit, calls } = await bringWith(cache, given(kept.entry.bytes), github);
    expect([hit, calls]).toEqual(['false', []]);
  });
});

test('two jobs that keep the same image at once are both green, and one entry is there', {
  timeout: 90_000,
}, async () => {
  await using results = await resultsService();
  const jobs = [results.env, results.job()];
  const brought = await Promise.all(jobs.map((actionEnv) => bringImage(kept.registry, 'on', { actionEnv })));
  for (const { job, identity } of brought) {
    expect([job.conclusion, errorsOf(job)], job.text).toEqual(['success', []]);
    expect(identity).toBe(kept.identity);
  }
  expect(results.caches.map(({ key }) => key)).toEqual([kept.entry.key]);
});

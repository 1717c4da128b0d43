import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { partBytes } from '../../src/core/images/entry.ts';
import { decodeHistory, historyFile, historyPrefix } from '../../src/core/images/history.ts';
import type { ImagesLeft } from '../../src/core/images/image-record.ts';
import { keepImages } from '../../src/images/keep.ts';
import { keepWhatCame } from '../../src/images/keep-left.ts';
import { startProvider } from '../../src/images/provider.ts';
import { cacheFolder, imagesFile } from '../../src/run.ts';
import { keyOf as partOf } from '../fakes/image-entries.ts';
import {
  type FakeImage,
  type Faults,
  type ImageScene,
  imageOf,
  imageScene,
  platform,
} from '../fakes/image-scene.ts';

const { signal } = new AbortController();
const shared = 'a layer that two images have';
const ledger = imageOf('ledger', [shared, 'ledger’s own']);
const orders = imageOf('orders', [shared, 'orders’ own']);
const images = { 'ghcr.io/acme/ledger:1': ledger, 'ghcr.io/acme/orders:1': orders };
const pullsOf = (all: Readonly<Record<string, FakeImage>>) =>
  Object.keys(all).map((image) => ({ image, services: [] }));

/** Has the engine get all images, with nothing in its own store; gives what is left for post. */
async function bring(
  scene: ImageScene,
  all: Readonly<Record<string, FakeImage>> = images,
): Promise<ImagesLeft> {
  scene.engine.images.clear();
  scene.engine.layers.clear();
  const provider = await startProvider(pullsOf(all), scene.offering());
  for (const pull of pullsOf(all)) expect(await provider.provide(pull)).toBe(true);
  await provider.close();
  return provider.left();
}

const keyOf = ({ digest }: FakeImage, part = 0) => partOf(digest, part);
const sizeOf = ({ entries }: ImageScene, key: string) =>
  [...(entries.get(key) ?? [])].reduce(
    (sum, [name, bytes]) => sum + (name.includes('.') ? 0 : bytes.length),
    0,
  );

describe('images that came from registries', () => {
  test('are saved, an entry each, and come from there the next time', async () => {
    await using scene = imageScene(images);
    await keepImages(await bring(scene), scene.world, signal);
    expect(scene.saved).toEqual([keyOf(ledger), keyOf(orders)]);
    const asked = scene.asked.length;
    const left = await bring(scene);
    expect([left.keep, scene.asked.length]).toEqual([[], asked]);
    expect(scene.infos).toEqual([
      'ghcr.io/acme/ledger:1: kept in the cache',
      'ghcr.io/acme/orders:1: kept in the cache',
    ]);
  });

  test('have a layer that they share saved once', async () => {
    await using scene = imageScene(images);
    const left = await bring(scene);
    const [first] = left.keep;
    await keepImages(left, scene.world, signal);
    const [owner, other] = first?.digest === ledger.digest ? [ledger, orders] : [orders, ledger];
    const files = (image: FakeImage) => [...(scene.entries.get(keyOf(image))?.keys() ?? [])];
    expect([files(owner).length, files(other).length]).toEqual([4, 3]);
  });

  test('have a layer that the cache has already saved no more', async () => {
    await using scene = imageScene(images);
    await keepImages(await bring(scene, { 'ghcr.io/acme/ledger:1': ledger }), scene.world, signal);
    const left = await bring(scene);
    expect(left.keep.map(({ image }) => image)).toEqual(['ghcr.io/acme/orders:1']);
    await keepImages(left, scene.world, signal);
    expect(scene.entries.get(keyOf(orders))?.size).toBe(3);
    expect((await bring(scene)).keep).toEqual([]);
  });

  test('that are large are saved in parts, the first one last', { timeout: 60_000 }, async () => {
    const large = imageOf('large', [randomBytes(partBytes + 1000)]);
    await using scene = imageScene({ 'ghcr.io/acme/large:1': large });
    const all = { 'ghcr.io/acme/large:1': large };
    await keepImages(await bring(scene, all), scene.world, signal);
    expect(scene.saved.map((key) => key.slice(-8))).toEqual(['-1-first', '-0-first']);
    expect(scene.saved[1]).toBe(keyOf(large));
    expect(sizeOf(scene, keyOf(large))).toBe(partBytes);
    expect((await bring(scene, all)).keep).toEqual([]);
  });
});

describe('saving', () => {
  const keep = async (faults: Faults, change: (left: ImagesLeft) => void = () => {}) => {
    await using scene = imageScene(images, faults);
    const left = await bring(scene);
    change(left);
    await keepImages(left, scene.world, signal);
    return { saved: scene.saved, infos: scene.infos, entries: scene.entries };
  };

  test('ends where the cache refuses, without a further question', async () => {
    const { saved, infos } = await keep({ saving: () => 'refused' });
    expect(saved).toHaveLength(1);
    expect(infos).toEqual(['ghcr.io/acme/ledger:1: not kept, this run may not write to the cache']);
  });

  test('goes on where one image fails, and another has all its layers itself', async () => {
    const { infos, entries } = await keep({ saving: (key) => (key === keyOf(ledger) ? 'failed' : 'saved') });
    expect(infos[0]).toBe('ghcr.io/acme/ledger:1: could not be kept in the cache');
    expect(entries.get(keyOf(orders))?.size).toBe(4);
  });

  test('leaves an image to the run that has its key, and relies on nothing of it', async () => {
    const { infos, entries } = await keep({ saving: (key) => (key === keyOf(ledger) ? 'taken' : 'saved') });
    expect(infos[0]).toBe('ghcr.io/acme/ledger:1: another run keeps it in the cache');
    expect(entries.get(keyOf(orders))?.size).toBe(4);
  });

  test.each([
    ['another byte', (file: string) => writeFileSync(file, shared.replace('a', 'b'))],
    ['a byte less', (file: string) => writeFileSync(file, shared.slice(1))],
  ])('passes over what has %s than its digest says', async (_, spoil) => {
    const { saved, infos } = await keep({}, ({ folder }) =>
      spoil(join(folder, 'blobs', ledger.blobs[1]?.digest.slice(7) ?? '')),
    );
    expect(saved).toEqual([]);
    expect(infos[0]).toBe('ghcr.io/acme/ledger:1: not kept, its bytes are not what its digest says');
  });

  test('saves nothing once it is to end', async () => {
    await using scene = imageScene(images);
    await keepImages(await bring(scene), scene.world, AbortSignal.abort());
    expect([scene.saved, scene.infos]).toEqual([[], []]);
  });
});

describe('the history', () => {
  const samples = [{ digest: ledger.digest, origin: 'registry', seconds: 3 }] as const;

  test('is saved with what this run has seen', async () => {
    await using scene = imageScene(images);
    const history = { [ledger.digest]: { registry: [2], cache: [1] } };
    await keepImages({ ...(await bring(scene, {})), samples, history }, scene.world, signal);
    const [key = ''] = scene.saved;
    expect(key).toMatch(new RegExp(`^${historyPrefix(platform)}\\d{13}[0-9a-f]{4}$`));
    const text = Buffer.from(scene.entries.get(key)?.get(historyFile) ?? []).toString();
    expect(decodeHistory(text)).toEqual({ [ledger.digest]: { registry: [2, 3], cache: [1] } });
  });

  test.each([
    ['an image is new', {}, true, 2],
    ['all is known', { registry: [1], cache: [0, 0] }, true, 0],
    ['nothing is to be learned', {}, false, 0],
  ])('has samples or none where %s', async (_, known, learns, count) => {
    await using scene = imageScene(images);
    const experience = { registry: [], cache: [], ...known };
    const history = { [ledger.digest]: experience, [orders.digest]: experience };
    const provider = await startProvider(pullsOf(images), scene.offering({ learns }, history));
    for (const pull of pullsOf(images)) await provider.provide(pull);
    expect((await provider.left()).samples).toHaveLength(count);
    await provider.close();
  });
});

describe('post', () => {
  const left = async (scene: ImageScene) => {
    const directory = join(scene.folder, 'run');
    mkdirSync(cacheFolder(directory), { recursive: true });
    writeFileSync(imagesFile(directory), JSON.stringify(await bring(scene)));
    return directory;
  };
  const closing = (directory: string, jobStatus: string) => {
    const logs = { when: 'never', artifact: '', retentionDays: 1, maxBytes: 1, callersFiles: [] } as const;
    return { project: 'p', directory, teardown: 'always', jobStatus, logs } as never;
  };

  test.each([
    ['success', 2],
    ['failure', 2],
    ['cancelled', 0],
  ])('of a job with the status %s saves what it has time for, and frees the disk', async (status, count) => {
    await using scene = imageScene(images);
    const directory = await left(scene);
    await keepWhatCame(closing(directory, status), scene.world, signal);
    expect(scene.saved).toHaveLength(count);
    expect(existsSync(cacheFolder(directory))).toBe(false);
  });

  test('has nothing to do where main has left nothing', async () => {
    await using scene = imageScene(images);
    await keepWhatCame(closing(join(scene.folder, 'run'), 'success'), scene.world, signal);
    expect(scene.saved).toEqual([]);
  });
});

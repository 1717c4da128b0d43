import { expect, test } from 'vitest';
import { keepImages } from '../../src/images/keep.ts';
import { startProvider } from '../../src/images/provider.ts';
import { TooSlow } from '../../src/images/restore.ts';
import { keyOf, putEntry } from '../fakes/image-entries.ts';
import { type FakeImage, imageOf, imageScene } from '../fakes/image-scene.ts';

const base = 'a layer that two images have';
const ledger = imageOf('ledger', [base, 'ledger’s own layer', 'and one more']);
const orders = imageOf('orders', [base, 'orders’ own']);
const images: Readonly<Record<string, FakeImage>> = {
  'ghcr.io/acme/ledger:1': ledger,
  'ghcr.io/acme/orders:1': orders,
};
const pulls = Object.keys(images).map((image) => ({ image, services: [] }));

test('an image whose parts were only too slow is not replaced', async () => {
  await using scene = imageScene(images);
  putEntry(scene, ledger, 20);
  const { restore } = scene.world.cache;
  const late: typeof restore = async (key, ...rest) => {
    if (key === keyOf(ledger.digest, 1)) throw new TooSlow('slow');
    return restore(key, ...rest);
  };
  Object.assign(scene.world.cache, { restore: late });
  const [pull = { image: '', services: [] }] = pulls;
  const provider = await startProvider([pull], scene.offering());
  expect(await provider.provide(pull)).toBe(true);
  const [kept] = (await provider.left()).keep;
  expect([kept?.digest, kept?.replaces]).toEqual([ledger.digest, undefined]);
  await provider.close();
});

test('an image that could not be used is replaced, and found from then on', async () => {
  await using scene = imageScene(images);
  const [pull = { image: '', services: [] }] = pulls;
  const bring = async () => {
    scene.engine.layers.clear();
    const provider = await startProvider([pull], scene.offering());
    expect(await provider.provide(pull)).toBe(true);
    await provider.close();
    return provider.left();
  };
  const { signal } = new AbortController();
  await keepImages(await bring(), scene.world, signal);
  scene.entries.set(keyOf(ledger.digest, 0), new Map());
  const left = await bring();
  expect(left.keep).toMatchObject([{ digest: ledger.digest, replaces: true }]);
  await keepImages(left, scene.world, signal);
  expect([...scene.entries.keys()]).toHaveLength(2);
  expect((await bring()).keep).toEqual([]);
});

test('a layer that comes for two images is counted once', async () => {
  await using scene = imageScene(images);
  putEntry(scene, ledger);
  putEntry(scene, orders, 1000, { [ledger.blobs[1]?.digest ?? '']: ledger.digest });
  const provider = await startProvider(pulls, scene.offering());
  for (const pull of pulls) expect(await provider.provide(pull)).toBe(true);
  const records = provider.records();
  await provider.close();
  expect(records.map(({ origin }) => origin)).toEqual(['cache', 'cache']);
  const all = new Map([...ledger.blobs, ...orders.blobs].map(({ digest, size }) => [digest, size]));
  const bytes = records.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
  expect(bytes).toBe([...all.values()].reduce((sum, size) => sum + size, 0));
});

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

test('a spoiled part is not waited out: the others may still be on their way', async () => {
  const rest = Promise.withResolvers<boolean>();
  let last = '';
  await using scene = imageScene(images, { restoring: async (key) => key !== last || rest.promise });
  const keys = putEntry(scene, ledger, 20);
  last = keys.at(-1) ?? '';
  for (const key of keys.slice(1, -1)) {
    const files = [...(scene.entries.get(key) ?? [])];
    scene.entries.set(key, new Map(files.map(([name, bytes]) => [name, bytes.map((each) => each ^ 1)])));
  }
  const [pull = { image: '', services: [] }] = pulls;
  const provider = await startProvider([pull], scene.offering());
  expect(await provider.provide(pull)).toBe(true);
  expect(provider.records()).toMatchObject([{ origin: 'registry' }]);
  rest.resolve(true);
  expect((await provider.left()).keep).toMatchObject([{ digest: ledger.digest, replaces: true }]);
  await provider.close();
});

test('what the cache has is asked for only where it could be replaced', async () => {
  await using scene = imageScene(images);
  const looked: string[] = [];
  const { look } = scene.world.cache;
  Object.assign(scene.world.cache, {
    look: (...asked: Parameters<typeof look>) => {
      looked.push(asked[0]);
      return look(...asked);
    },
  });
  const [pull = { image: '', services: [] }] = pulls;
  for (const writes of [false, true]) {
    scene.engine.layers.clear();
    const provider = await startProvider([pull], scene.offering({ writes }));
    expect(await provider.provide(pull)).toBe(true);
    await provider.left();
    await provider.close();
    expect(looked).toHaveLength(writes ? 1 : 0);
  }
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

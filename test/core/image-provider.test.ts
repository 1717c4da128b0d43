import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startProvider } from '../../src/images/provider.ts';
import { keyOf, putEntry } from '../fakes/image-entries.ts';
import { type FakeImage, type Faults, type ImageScene, imageOf, imageScene } from '../fakes/image-scene.ts';

const base = 'a layer that two images have';
const ledger = imageOf('ledger', [base, 'ledger’s own layer', 'and one more']);
const orders = imageOf('orders', [base, 'orders’ own']);
const images = { 'ghcr.io/acme/ledger:1': ledger, 'ghcr.io/acme/orders:1': orders };
const [ledgerPull, ordersPull] = Object.keys(images).map((image) => ({ image, services: [] }));
const pulls = [ledgerPull, ordersPull].flatMap((pull) => pull ?? []);
const shared = ledger.blobs[1]?.digest ?? '';

/** Has a provider get images one after the other, or all at once; the engine must not keep another name of them. */
async function provided(
  scene: ImageScene,
  wanted: readonly { image: string; services: readonly string[] }[] = pulls.slice(0, 1),
) {
  const provider = await startProvider(wanted, scene.offering());
  const got = await Promise.all(wanted.map((pull) => provider.provide(pull)));
  const left = await provider.left();
  await provider.close();
  expect([...scene.engine.images.keys()].filter((name) => name.startsWith('127.0.0.1'))).toEqual([]);
  return { got, left, records: provider.records() };
}

const has = ({ engine }: ImageScene, pull: number, image: FakeImage) =>
  engine.images.get(pulls[pull]?.image ?? '') === image.manifest.body;

function sceneOf(faults: Faults = {}): ImageScene {
  return imageScene(images, faults);
}

describe('an image', () => {
  test('comes from its registry where the cache has it not, and is to be kept', async () => {
    await using scene = sceneOf();
    const { got, left, records } = await provided(scene);
    expect([got, has(scene, 0, ledger)]).toEqual([[true], true]);
    const bytes = ledger.blobs.reduce((sum, { size }) => sum + size, 0);
    expect(records).toMatchObject([{ origin: 'registry', digest: ledger.digest, bytes }]);
    expect(left.keep).toEqual([
      {
        image: 'ghcr.io/acme/ledger:1',
        digest: ledger.digest,
        manifest: expect.objectContaining(ledger.manifest),
      },
    ]);
    expect(scene.restored).toEqual([keyOf(ledger.digest, 0).replace(/first$/, 'none')]);
  });

  test('comes from the cache, and no registry is asked for a blob', async () => {
    await using scene = sceneOf();
    putEntry(scene, ledger, 20);
    const { got, left, records } = await provided(scene);
    expect([got, has(scene, 0, ledger), scene.asked]).toEqual([[true], true, []]);
    expect(records).toMatchObject([{ origin: 'cache', digest: ledger.digest }]);
    expect(left.keep).toEqual([]);
    expect(left.cached[shared]).toEqual({ packed: ledger.blobs[1], owner: ledger.digest });
  });

  test('is handed on while parts of it are still to come', async () => {
    await using scene = sceneOf({
      restoring: async (key) => sleep(key.endsWith('-0-first') ? 0 : 100, true),
    });
    putEntry(scene, ledger, 20);
    const { got, records } = await provided(scene);
    expect([got, has(scene, 0, ledger), scene.asked]).toEqual([[true], true, []]);
    expect([records[0]?.origin, scene.infos]).toEqual(['cache', []]);
  });

  test('that nobody knows is left to the engine', async () => {
    await using scene = sceneOf();
    const unknown = ['ghcr.io/acme/none:1', 'Not a name', `redis@${ledger.digest}`];
    const { got, records } = await provided(
      scene,
      unknown.map((image) => ({ image, services: [] })),
    );
    expect([got, records]).toEqual([[false, false, false], []]);
    expect(scene.infos).toEqual(['ghcr.io/acme/none:1: ghcr.io: HTTP 404']);
  });
});

describe('what is wrong in the cache', () => {
  const spoil = (scene: ImageScene, key: string, change: (bytes: Uint8Array) => Uint8Array, of = shared) => {
    const files = new Map(scene.entries.get(key));
    for (const [name, bytes] of files) if (name.startsWith(of.slice(7))) files.set(name, change(bytes));
    scene.entries.set(key, files);
  };
  const second = keyOf(ledger.digest, 1);

  test.each<[string, (scene: ImageScene) => void]>([
    ['a part that is cut short', (scene) => spoil(scene, second, (bytes) => bytes.subarray(1))],
    ['a part with another byte', (scene) => spoil(scene, second, (bytes) => bytes.map((each) => each ^ 1))],
    ['a part that is missing', (scene) => void scene.entries.delete(second)],
    [
      'a first part that tells nothing',
      (scene) => void scene.entries.set(keyOf(ledger.digest, 0), new Map()),
    ],
    ['layers whose entry is gone', (scene) => void putEntry(scene, ledger, 20, { [shared]: orders.digest })],
    [
      'layers whose entry has them elsewhere',
      (scene) => {
        putEntry(scene, ledger, 20, { [shared]: orders.digest });
        putEntry(scene, orders, 20, { [shared]: ledger.digest });
      },
    ],
  ])('is passed over: %s; the image comes from its registry', async (_, change) => {
    await using scene = sceneOf();
    putEntry(scene, ledger, 20);
    change(scene);
    const { got, left, records } = await provided(scene);
    expect([got, has(scene, 0, ledger)]).toEqual([[true], true]);
    expect(records).toMatchObject([{ origin: 'registry' }]);
    expect(left.keep).toMatchObject([{ digest: ledger.digest, replaces: true }]);
  });

  test('spoils no other image that shares a layer', async () => {
    await using scene = sceneOf();
    putEntry(scene, ledger, 20);
    putEntry(scene, orders, 20, { [shared]: ledger.digest });
    spoil(scene, second, (bytes) => bytes.map((each) => each ^ 1));
    const { got } = await provided(scene, pulls);
    expect([got, has(scene, 0, ledger), has(scene, 1, orders)]).toEqual([[true, true], true, true]);
  });
});

describe('images that share a layer', () => {
  test('have it loaded once', async () => {
    await using scene = sceneOf();
    const { got, records } = await provided(scene, pulls);
    expect([got, has(scene, 0, ledger), has(scene, 1, orders)]).toEqual([[true, true], true, true]);
    expect(scene.asked.filter((digest) => digest === shared)).toHaveLength(1);
    const sizes = [
      ...new Map([...ledger.blobs, ...orders.blobs].map((blob) => [blob.digest, blob.size])).values(),
    ];
    const bytes = records.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
    expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  });

  test('are both left to the engine where it cannot be had', async () => {
    await using scene = sceneOf({
      blob: (digest) => {
        if (digest === shared) throw new Error('HTTP 500');
        return undefined;
      },
    });
    const { got, records } = await provided(scene, pulls);
    expect([got, records]).toEqual([[false, false], []]);
    // Not by the engine, which would ask again for most of a minute.
    expect(scene.infos).toEqual([]);
  });
});

test('an image that the engine has no need to wait for is there, whatever becomes of its bytes', async () => {
  await using scene = sceneOf({
    blob: (digest) => {
      if (digest === shared) throw new Error('HTTP 500');
      return undefined;
    },
  });
  scene.engine.layers.add(shared);
  // The tries go on once the engine is done.
  const taken = Promise.withResolvers<void>();
  const { tag } = scene.world.docker;
  Object.assign(scene.world.machine, { sleep: () => taken.promise });
  Object.assign(scene.world.docker, {
    tag: (image: string, name: string) => tag(image, name).finally(() => taken.resolve()),
  });
  const { got, left } = await provided(scene);
  expect([got, left.keep]).toEqual([[true], []]);
});

test('an image is not asked of the cache where that has been the slower way', async () => {
  await using scene = sceneOf();
  putEntry(scene, ledger);
  const history = { [ledger.digest]: { registry: [1], cache: [2, 2] } };
  const provider = await startProvider(pulls.slice(0, 1), scene.offering({ learns: true }, history));
  expect(await provider.provide(pulls[0] ?? { image: '', services: [] })).toBe(true);
  expect(provider.records()).toMatchObject([{ origin: 'registry', otherWay: 2 }]);
  expect(scene.restored).toEqual([]);
  await provider.close();
});

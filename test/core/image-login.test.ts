import { describe, expect, test } from 'vitest';
import { keepImages } from '../../src/images/keep.ts';
import { startProvider } from '../../src/images/provider.ts';
import { keyOf } from '../fakes/image-entries.ts';
import { imageOf, imageScene } from '../fakes/image-scene.ts';
import { httpServer } from './local-server.ts';

const { signal } = new AbortController();
const ledger = imageOf('ledger', ['a layer', 'another one']);

describe('an image that was got with a login', () => {
  const keepFrom = async (status: number) => {
    const asked: string[] = [];
    await using server = await httpServer(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers.authorization ?? 'nobody'}`);
      response.writeHead(status, { 'content-type': ledger.manifest.mediaType }).end(ledger.manifest.body);
    });
    const image = `127.0.0.1:${server.port}/acme/ledger:1`;
    await using scene = imageScene({ [image]: ledger });
    const { downloads, ...offering } = scene.offering({ keepsPrivate: false });
    const upstream = { ...downloads.upstream, usesLogin: () => true };
    const provider = await startProvider([{ image, services: [] }], {
      ...offering,
      downloads: { ...downloads, upstream },
    });
    expect(await provider.provide({ image, services: [] })).toBe(true);
    await provider.close();
    await keepImages(await provider.left(), scene.world, signal);
    return { asked, infos: scene.infos.map((each) => each.replace(image, 'it')), saved: scene.saved };
  };

  test('is kept where everyone can get it', async () => {
    const { asked, infos, saved } = await keepFrom(200);
    expect(asked).toEqual([`/v2/acme/ledger/manifests/${ledger.digest} nobody`]);
    expect([infos, saved]).toEqual([['it: kept in the cache'], [keyOf(ledger.digest, 0)]]);
  });

  test.each([401, 404, 500])('is not kept where nobody else gets it (HTTP %d)', async (status) => {
    const { infos, saved } = await keepFrom(status);
    expect(infos).toEqual(['it: not kept, only a login gives it; `cache: on` keeps it all the same']);
    expect(saved).toEqual([]);
  });
});

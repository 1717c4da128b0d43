import { describe, expect, test } from 'vitest';
import { runUp, stackFile } from '../fakes/run.ts';
import type { Scene, Seen } from '../fakes/scene.ts';

const daemon = 'Error response from daemon: ';
const reset = `${daemon}read tcp 10.0.0.7:51234->10.0.0.9:443: read: connection reset by peer\n`;
const unavailable = `${daemon}received unexpected HTTP status: 503 Service Unavailable`;
const store = (pull: NonNullable<Scene['pulls']>[string], inputs = {}): Scene => ({
  inputs: { services: 'store', ...inputs },
  pulls: { 'store:1': pull },
});
const pullsIn = ({ effects }: Seen) => effects.filter((effect) => /^(pull|tag|untag|create) /.test(effect));
const about = ({ infos }: Seen, image: string) => infos.filter((info) => info.startsWith(`${image}: `));

test('a pull that the engine makes is told of in the summary, with the reason for it', async () => {
  const { seen } = await runUp(store({ takes: 1500 }));
  expect(seen.summaries.join('')).toContain(
    '\n| `store:1` | `docker pull` |  | 1.5 |  |\n\nImages were pulled without the cache: ',
  );
  const { images } = JSON.parse(seen.outputs.get('timings') ?? '{}');
  expect(images).toEqual([{ image: 'store:1', origin: 'engine', took: 1500 }]);
});

describe('a pull that fails on the way', () => {
  test('is tried again, with a line for each try and no warning', async () => {
    const { seen } = await runUp(store({ takes: 100, refuses: [reset, unavailable] }));
    expect(seen.annotations).toEqual([]);
    expect(about(seen, 'store:1')).toEqual([
      'store:1: connection reset by peer; trying again in 1.0 s (2 of 5)',
      'store:1: 503 Service Unavailable; trying again in 2.0 s (3 of 5)',
      'store:1: pulled, at try 3 of 5',
    ]);
    expect(seen.warnings).toEqual([]);
    const { systems } = JSON.parse(seen.outputs.get('timings') ?? '{}');
    const [{ pullStartedAt, pulledAt }] = systems;
    expect(pulledAt - pullStartedAt).toBe(3 * 100 + 1000 + 2000);
  });

  test('five times is a failure that says so', async () => {
    const { seen } = await runUp(store({ refuses: reset }));
    expect(pullsIn(seen)).toEqual(Array(5).fill('pull store:1'));
    expect(seen.annotations).toMatchObject([{ title: 'infra-action: store: PULL_NETWORK' }]);
    expect(seen.annotations[0]?.text).toMatch(/^store:1 could not be pulled. It was tried 5 times.\n/);
  });

  test('is not waited for beyond the deadline: the connection is the failure', async () => {
    const { seen } = await runUp(store({ refuses: reset }, { timeout: '7s' }));
    expect(pullsIn(seen)).toHaveLength(3);
    expect(seen.annotations).toMatchObject([{ title: 'infra-action: store: PULL_NETWORK' }]);
    expect(seen.annotations[0]?.text).toContain('It was tried 3 times.');
  });

  test('holds back nobody else', async () => {
    const pulls = { 'top:1': { refuses: [reset, reset] }, 'store:1': {} };
    const { seen } = await runUp({ inputs: { services: 'top' }, pulls });
    expect(seen.annotations).toEqual([]);
    expect(seen.effects.indexOf('start store')).toBeLessThan(seen.effects.lastIndexOf('pull top:1'));
  });

  test('is given up at once when the job is cancelled while it waits', async () => {
    const { seen } = await runUp(store({ refuses: reset }), 2500);
    expect(pullsIn(seen)).toEqual(['pull store:1', 'pull store:1']);
    expect(seen.annotations).toEqual([]);
    expect(seen.infos.at(-1)).toBe('Cancelled; post takes down what was started.');
  });
});

test.each([
  ['PULL_RATE_LIMITED', 'toomanyrequests: You have reached your pull rate limit.'],
  ['PULL_RATE_LIMITED', `${daemon}received unexpected HTTP status: 429 Too Many Requests`],
  ['PULL_DENIED', `${daemon}Head "https://ghcr.io/v2/a/manifests/1": unauthorized`],
  ['PULL_NOT_FOUND', `${daemon}manifest for store:1 not found: manifest unknown: manifest unknown`],
  ['PLATFORM_UNSUPPORTED', 'no matching manifest for linux/arm64 in the manifest list entries'],
  ['DISK_FULL', 'failed to register layer: write /usr/lib/jvm: no space left on device'],
  ['IMAGE_NAME_INVALID', 'invalid reference format'],
])('%s is the answer to one try', async (code, refuses) => {
  const { seen } = await runUp(store({ refuses }));
  expect(seen.annotations).toMatchObject([{ title: `infra-action: store: ${code}` }]);
  expect(pullsIn(seen)).toEqual(['pull store:1']);
});

describe('a mirror', () => {
  const mirror = { 'registry-mirror': 'ghcr.io/m' };
  const [ofStore, ofBase] = ['ghcr.io/m/library/store:1', 'ghcr.io/m/library/base:1'];
  const run = (pulls: Scene['pulls'] = {}, services = 'store', more: Scene = {}) =>
    runUp({ ...more, inputs: { services, ...mirror }, pulls });

  test('gives the image, which gets its own name and keeps no other', async () => {
    const { seen } = await run({ 'store:1': {}, [ofStore]: {} });
    expect(pullsIn(seen)).toEqual([
      `pull ${ofStore}`,
      `tag ${ofStore} store:1`,
      `untag ${ofStore}`,
      'create store',
    ]);
    expect(seen.warnings).toEqual([]);
  });

  test('keeps a name that was there before', async () => {
    const { seen } = await run({ 'store:1': {} });
    expect(pullsIn(seen)).toEqual([`pull ${ofStore}`, `tag ${ofStore} store:1`, 'create store']);
  });

  test('is not asked for what is here, nor for what is not of docker.io', async () => {
    expect(pullsIn((await run()).seen)).toEqual(['create store']);
    const inputs = { services: 'store', images: 'store: quay.io/a/store:1', ...mirror };
    const { seen } = await runUp({ inputs, pulls: { 'quay.io/a/store:1': {} } });
    expect(pullsIn(seen)).toEqual(['pull quay.io/a/store:1', 'create store']);
  });

  test('that lacks images is warned of once, and docker.io has them', async () => {
    const refuses = 'manifest unknown';
    const pulls = { 'store:1': {}, 'base:1': {}, [ofStore]: { refuses }, [ofBase]: { refuses } };
    const { seen } = await run(pulls, 'store, base');
    expect(pullsIn(seen).slice(0, 4).sort()).toEqual(
      [`pull ${ofBase}`, `pull ${ofStore}`, 'pull base:1', 'pull store:1'].sort(),
    );
    expect(seen.annotations).toEqual([]);
    expect(seen.warnings).toEqual([
      `The registry mirror did not serve ${ofStore} (manifest unknown). store:1 is pulled from docker.io, and so is whatever else the mirror does not have.`,
    ]);
  });

  test('that cannot be reached is asked once more, then no more for any image', async () => {
    const pulls = Object.fromEntries(
      ['base', 'queue', 'store', 'top'].flatMap((name) => [
        [`${name}:1`, { takes: 10 }],
        [`ghcr.io/m/library/${name}:1`, { refuses: reset }],
      ]),
    );
    const { seen } = await run(pulls, 'top');
    const asked = pullsIn(seen).filter((effect) => effect.startsWith('pull ghcr.io'));
    expect(asked).toHaveLength(2 * 3);
    expect(asked.join()).not.toContain('top');
    expect(seen.warnings).toHaveLength(1);
    expect(seen.annotations).toEqual([]);
  });

  test('does not hide why docker.io has not given the image either', async () => {
    const { seen } = await run({
      'store:1': { refuses: 'toomanyrequests' },
      [ofStore]: { refuses: 'denied: denied' },
    });
    expect(seen.annotations).toMatchObject([{ title: 'infra-action: store: PULL_RATE_LIMITED' }]);
  });

  test('serves a digest under its own name, which the container is created from', async () => {
    const image = `store@sha256:${'a'.repeat(64)}`;
    const files = { '/stack/compose.yaml': stackFile.replace('store:1', image) };
    const pulls = { [image]: {}, [`ghcr.io/m/library/${image}`]: {} };
    const { seen } = await run(pulls, 'store', { files });
    expect(pullsIn(seen)).toEqual([`pull ghcr.io/m/library/${image}`, 'create store']);
    const model = JSON.parse(seen.files.get('/tmp/paklog-7-1-test-ab12/model.json') ?? '');
    expect(model.services.store.image).toBe(`ghcr.io/m/library/${image}`);
    expect(JSON.parse(seen.outputs.get('services') ?? '')).toMatchObject({ store: { image } });
  });
});

import { beforeAll, describe, expect, test } from 'vitest';
import { bring, image, script, uniqueName } from './caller-stack.ts';
import { docker, haveImage } from './docker.ts';
import { docker as ask } from './docker-cli.ts';
import { imageRegistry } from './image-registry.ts';

const stackOf = (name: string) => ({ services: { ledger: script('sleep 600', { image: name }) } });
const has = async (name: string) => (await ask(['image', 'inspect', '--format', '{{.Id}}', name])).code === 0;

beforeAll(() => haveImage(image), 60_000);

describe('an image', { timeout: 30_000 }, () => {
  test('is there in the end when its registry fails: first the action, then the engine', async () => {
    await using registry = await imageRegistry(image, 3);
    const name = `${registry.address}/${uniqueName()}:1`;
    const job = await bring(stackOf(name));
    expect(job.conclusion, job.text).toBe('success');
    expect(job.text).toContain(`${name}: 500 Internal Server Error; trying again in `);
    expect(job.text).toMatch(/: pulled, at try \d of 5/);
    await docker('rmi', name);
  });

  test('of docker.io comes from the mirror, under its own name alone', async () => {
    await using registry = await imageRegistry(image);
    const name = `${uniqueName()}/ledger:1`;
    const job = await bring(stackOf(name), { with: { 'registry-mirror': `${registry.address}/cache` } });
    expect(job.conclusion, job.text).toBe('success');
    expect(registry.asked[0]).toBe(`/v2/cache/${name.replace(':', '/manifests/')}`);
    expect(await has(name)).toBe(true);
    expect(await has(`${registry.address}/cache/${name}`)).toBe(false);
    await docker('rmi', name);
  });

  test('that is named by its digest comes from the mirror, too', async () => {
    await using registry = await imageRegistry(image);
    const name = `${uniqueName()}/ledger@${registry.digest}`;
    const job = await bring(stackOf(name), { with: { 'registry-mirror': registry.address } });
    expect(job.conclusion, job.text).toBe('success');
    expect(await has(`${registry.address}/${name}`)).toBe(true);
    await docker('rmi', `${registry.address}/${name}`);
  });
});

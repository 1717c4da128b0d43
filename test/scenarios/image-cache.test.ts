import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stepOf } from '../runner/job.ts';
import { resultsService } from '../runner/results-service.ts';
import { bring, image, script, uniqueName } from './caller-stack.ts';
import { docker, haveImage } from './docker.ts';
import { docker as ask } from './docker-cli.ts';
import { type ImageRegistry, imageRegistry } from './image-registry.ts';

const stackOf = (name: string) => ({ services: { ledger: script('sleep 600', { image: name }) } });
const idOf = async (name: string) => (await ask(['image', 'inspect', '--format', '{{.Id}}', name])).stdout;
const made: string[] = [];

beforeAll(() => haveImage(image), 60_000);
afterEach(async () => {
  for (const name of made.splice(0)) await ask(['image', 'rm', '--force', name]);
});

/** The name of an image that only this registry has, and that the engine has not. */
function fresh(registry: ImageRegistry): string {
  const name = `${registry.address}/${uniqueName()}:1`;
  made.push(name);
  return name;
}

describe('an image', { timeout: 60_000 }, () => {
  test('is kept by one job and comes from the cache in the next, the same to the byte', async () => {
    await using registry = await imageRegistry(image);
    await using results = await resultsService();
    const name = fresh(registry);
    const first = await bring(stackOf(name), { actionEnv: results.env, with: { cache: 'on' } });
    expect(first.conclusion, first.text).toBe('success');
    expect(stepOf(first, 'stack').outputs['cache-hit']).toBe('false');
    expect(first.text).toContain(`${name}: kept in the cache`);
    const id = await idOf(name);
    await docker('rmi', name);
    const blobs = registry.blobs.length;
    const second = await bring(stackOf(name), { actionEnv: results.job(), with: { cache: 'on' } });
    expect(second.conclusion, second.text).toBe('success');
    expect(stepOf(second, 'stack').outputs['cache-hit']).toBe('true');
    expect(await idOf(name)).toBe(id);
    expect(registry.blobs.length).toBe(blobs);
    expect(second.left).toEqual([]);
  });
});

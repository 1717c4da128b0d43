import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsService } from '../runner/results-service.ts';
import { image } from './caller-stack.ts';
import { haveImage } from './docker.ts';
import type { ImageRegistry } from './image-registry.ts';
import { bringImage, freshImage } from './kept-image.ts';
import { privateRegistry } from './private-registry.ts';

let registry: ImageRegistry;
beforeAll(async () => {
  await haveImage(image);
  registry = await freshImage();
}, 120_000);
afterAll(() => registry[Symbol.asyncDispose]());

const password = 'correct-horse:battery';

/** A folder of Docker's configuration in which one registry's login is, as `docker login` leaves it. */
async function loggedIn(
  address: string,
  login: string,
): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-config-'));
  const auths = { [address]: { auth: Buffer.from(login).toString('base64') } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

describe.each(['basic', 'bearer'] as const)(
  'an image of a private registry (%s)',
  { timeout: 60_000 },
  (kind) => {
    const bring = async (login: string, cache: string) => {
      const guarded = await privateRegistry(registry, kind, `ci:${password}`);
      await using _guarded = guarded;
      await using config = await loggedIn(guarded.address, login);
      await using results = await resultsService();
      const { job } = await bringImage({ ...registry, address: guarded.address }, cache, {
        actionEnv: results.env,
        env: { DOCKER_CONFIG: config.folder },
      });
      expect(job.text).not.toContain(password);
      expect(job.text).not.toContain(Buffer.from(`ci:${password}`).toString('base64'));
      return { job, served: guarded.served };
    };

    test.each([
      ['on', /:1: kept in the cache/],
      ['auto', /:1: not kept, only a login gives it/],
    ])('comes through the action with the job’s own login (cache: %s)', async (cache, said) => {
      const { job, served } = await bring(`ci:${password}`, cache);
      expect(job.conclusion, job.text).toBe('success');
      expect(job.text).toMatch(said);
      expect([...new Set(served)]).toEqual(['paklog-infra-action']);
    });

    test('is refused with another one, by name and advice', async () => {
      const { job, served } = await bring('ci:guessed', 'on');
      expect([job.conclusion, served], job.text).toEqual(['failure', []]);
      const errors = job.steps.flatMap(({ annotations }) =>
        annotations.filter(({ level }) => level === 'error'),
      );
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toMatch(/The registry does not give out .*docker\/login-action/s);
    });
  },
);

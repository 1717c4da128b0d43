import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '@actions/exec';
import type { JobOptions } from '../runner/job.ts';
import { resultsService } from '../runner/results-service.ts';
import { type Bringing, type Brought, bring, image, script, uniqueName } from './caller-stack.ts';
import { docker } from './docker.ts';
import { docker as ask } from './docker-cli.ts';
import { type ImageRegistry, imageRegistry } from './image-registry.ts';

/** An entry of the cache, as the stand-in is given it. */
export interface KeptEntry {
  readonly key: string;
  readonly version: string;
  readonly bytes: Buffer;
}

/** An image that one job has got from its registry and kept in the cache. */
export interface KeptImage extends AsyncDisposable {
  readonly registry: ImageRegistry;
  /** The only one, with all of the image. */
  readonly entry: KeptEntry;
  /** What `identity` gives for the image as the registry has it. */
  readonly identity: string;
}

/** What an image is: its configuration and what is in its layers, by digest. */
export async function identityOf(name: string): Promise<string> {
  return docker('image', 'inspect', '--format', '{{.Id}} {{json .RootFS.Layers}}', name);
}

/** A registry with an image whose uppermost layer no engine has. */
export async function freshImage(): Promise<ImageRegistry> {
  const name = uniqueName();
  const fill = 'head -c 300000 /dev/urandom > /unique';
  await docker('run', '--name', name, image, 'sh', '-c', fill);
  await docker('commit', name, name);
  await docker('rm', '--volumes', name);
  try {
    return await imageRegistry(name);
  } finally {
    await docker('rmi', name);
  }
}

/** Brings a stack of one service up, whose image the registry has and the engine has not; the engine forgets it then. */
export async function bringImage(
  registry: ImageRegistry,
  cache: string,
  options: Omit<Bringing, 'with'> & Pick<JobOptions, 'github'> = {},
): Promise<{ readonly job: Brought; readonly name: string; readonly identity: string }> {
  const name = `${registry.address}/${uniqueName()}:1`;
  const stack = { services: { ledger: script('sleep 600', { image: name }) } };
  try {
    const job = await bring(stack, { ...options, with: { cache } });
    const { code } = await ask(['image', 'inspect', name]);
    return { job, name, identity: code === 0 ? await identityOf(name) : '' };
  } finally {
    await ask(['image', 'rm', '--force', name]);
  }
}

export async function keptImage(): Promise<KeptImage> {
  const registry = await freshImage();
  await using results = await resultsService();
  const { job, identity } = await bringImage(registry, 'on', { actionEnv: results.env });
  const [entry, ...more] = results.caches;
  if (job.conclusion !== 'success' || entry === undefined || more.length > 0) throw new Error(job.text);
  return {
    registry,
    entry: { key: entry.key, version: entry.version, bytes: entry.bytes },
    identity,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

/** The archive of an entry after somebody has changed what is in its folder. */
export async function tampered(
  { key, bytes }: KeptEntry,
  change: (folder: string) => Promise<void>,
): Promise<Buffer> {
  const root = await mkdtemp(join(tmpdir(), 'tampered-'));
  const tar = (...args: readonly string[]) =>
    exec('tar', ['--use-compress-program', 'zstd', ...args], { silent: true });
  try {
    await writeFile(join(root, 'before.tzst'), bytes);
    await tar('-xf', join(root, 'before.tzst'), '-C', root);
    const [name = ''] = (await readdir(root)).filter((each) => key.startsWith(each));
    await change(join(root, name));
    await tar('-cf', join(root, 'after.tzst'), '-C', root, name);
    return await readFile(join(root, 'after.tzst'));
  } finally {
    await rm(root, { recursive: true });
  }
}

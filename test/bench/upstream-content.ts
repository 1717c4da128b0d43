import { createWriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asArray, asObject, asString } from '../../src/core/json.ts';
import { manifest, registry, repositoryPath } from '../images/registry.ts';
import { splitReference, wantedImages } from '../images/wanted.ts';

/** One image as the registry has it. */
export interface UpstreamImage {
  readonly reference: string;
  /** With `library/` where docker.io has it. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly type: string;
  /** Of the manifest, as it is signed by the digest. */
  readonly body: string;
  readonly blobs: readonly { readonly digest: string; readonly size: number }[];
}

/** Where the bytes of a blob are. */
export const blobFile = (folder: string, digest: string): string => join(folder, digest.replace(':', '-'));

/**
 * Copies every image of the stack from the local registry into a folder, so that the benchmark's own registry can serve files.
 * @throws when an image is not there, or is there for several platforms.
 */
export async function collectImages(folder: string): Promise<readonly UpstreamImage[]> {
  await mkdir(folder, { recursive: true });
  const images = await Promise.all(wantedImages(['all']).map(readImage));
  const sizes = new Map(
    images.flatMap(({ repository, blobs }) =>
      blobs.map((blob) => [blob.digest, { repository, ...blob }] as const),
    ),
  );
  for (const { repository, digest, size } of sizes.values()) await copyBlob(folder, repository, digest, size);
  await writeFile(join(folder, 'images.json'), JSON.stringify(images));
  return images;
}

async function readImage(reference: string): Promise<UpstreamImage> {
  const { repository, tag } = splitReference(reference);
  const found = await manifest(repository, tag).catch(() => undefined);
  if (found === undefined)
    throw new Error(
      `${registry} does not have ${reference}. \`make images SERVICES=all\` builds it and starts the registry.`,
    );
  const json = asObject(JSON.parse(found.body)) ?? {};
  const blobs = [json['config'], ...asArray(json['layers'])].map((item) => {
    const blob = asObject(item) ?? {};
    return { digest: asString(blob['digest']) ?? '', size: Number(blob['size'] ?? 0) };
  });
  if (blobs.length < 2) throw new Error(`${reference} at ${registry} is no image of one platform.`);
  const digest = await digestOf(found.body);
  return {
    reference,
    repository: repositoryPath(repository),
    tag,
    digest,
    type: found.type,
    body: found.body,
    blobs,
  };
}

async function digestOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `sha256:${Buffer.from(hash).toString('hex')}`;
}

async function copyBlob(folder: string, repository: string, digest: string, size: number): Promise<void> {
  const file = blobFile(folder, digest);
  const there = await stat(file).catch(() => undefined);
  if (there?.size === size) return;
  const response = await fetch(`http://${registry}/v2/${repository}/blobs/${digest}`);
  if (!response.ok || response.body === null)
    throw new Error(`${registry} has no ${digest}: HTTP ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
}

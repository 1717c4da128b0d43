import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '@actions/exec';
import { listening, refuse, send } from './registry.ts';

export interface ImageRegistry extends AsyncDisposable {
  /** `127.0.0.1:port`, which Docker takes for an insecure registry without being told. */
  readonly address: string;
  /** Of the image's manifest. */
  readonly digest: string;
  /** Paths of the manifests that it was asked for, in their order. */
  readonly asked: readonly string[];
  /** Digests of the blobs that it was asked for, in their order. */
  readonly blobs: readonly string[];
}

/** A registry that has one image of the engine under every name; the first so many pulls meet an HTTP 500. */
export async function imageRegistry(image: string, failures = 0): Promise<ImageRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'image-registry-'));
  const archive = join(folder, 'image.tar');
  await exec('docker', ['save', '--output', archive, image], { silent: true });
  await exec('tar', ['-xf', archive, '-C', folder], { silent: true });
  // Since Docker 25 an archive is an OCI layout: blobs by their digests, and an index that names the manifest.
  const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as {
    manifests: readonly { readonly digest: string; readonly mediaType: string }[];
  };
  const [manifest = { digest: '', mediaType: '' }] = index.manifests;
  const asked: string[] = [];
  const blobs: string[] = [];
  let left = failures;
  const server = createServer(async ({ url = '', method }, response) => {
    const [, kind, reference = ''] = /^\/v2\/.+\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    if (kind === undefined) return response.writeHead(200).end('{}');
    if (kind === 'manifests') asked.push(url);
    else blobs.push(reference);
    if (left > 0 && kind === 'manifests') {
      left -= 1;
      return refuse(response, 500, 'UNKNOWN', 'the store is being compacted');
    }
    const wanted = reference.startsWith('sha256:') ? reference : manifest.digest;
    const type = wanted === manifest.digest ? manifest.mediaType : 'application/octet-stream';
    send(response, method, type, await readFile(join(folder, 'blobs', wanted.replace(':', '/'))));
  });
  const { address, [Symbol.asyncDispose]: close } = await listening(server);
  return {
    address,
    digest: manifest.digest,
    asked,
    blobs,
    [Symbol.asyncDispose]: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

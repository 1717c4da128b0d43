import { createHash } from 'node:crypto';
import type { CommandResult } from '../../src/core/command.ts';
import { blobsOf, contentsOf } from '../../src/core/images/contents.ts';
import type { Docker } from '../../src/io/docker.ts';

export interface FakeEngine {
  readonly docker: Pick<Docker, 'pull' | 'tag' | 'removeNames'>;
  /** Manifests by the names that images have now. */
  readonly images: Map<string, string>;
  /** Digests of layers that it has, and does not ask for. */
  readonly layers: Set<string>;
}

/** Pulls by digest as dockerd does: the manifest, then all that it has not, and every byte is held against its digest. */
export function engineOf(): FakeEngine {
  const [images, layers] = [new Map<string, string>(), new Set<string>()];
  return {
    images,
    layers,
    docker: {
      pull: async (name, _platform, signal) => {
        try {
          const [, address = '', digest = ''] = /^(127\.0\.0\.1:\d+\/\w+)@(.+)$/.exec(name) ?? [];
          const base = `http://${address.replace('/', '/v2/')}`;
          const body = await fetchWhole(`${base}/manifests/${digest}`, digest, signal);
          const contents = contentsOf(body.toString());
          const wanted = contents === undefined ? [] : blobsOf(contents).map((blob) => blob.digest);
          const missing = wanted.filter((each) => !layers.has(each));
          await Promise.all(missing.map((each) => fetchWhole(`${base}/blobs/${each}`, each, signal)));
          for (const each of missing) layers.add(each);
          images.set(name, body.toString());
          return result(0, '');
        } catch (error) {
          return result(1, `Error response from daemon: ${String(error)}`);
        }
      },
      tag: async (name, other) => {
        const image = images.get(name);
        if (image === undefined) return result(1, 'No such image');
        images.set(other, image);
        return result(0, '');
      },
      removeNames: async (names) => result(names.every((name) => images.delete(name)) ? 0 : 1, ''),
    },
  };
}

async function fetchWhole(url: string, digest: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await fetch(url, { signal });
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found !== digest) throw new Error(`verification failed for digest ${digest}`);
  return bytes;
}

function result(exitCode: number, stderr: string): CommandResult {
  return { command: [], exitCode, stdout: '', stderr, timedOut: false, missing: false };
}

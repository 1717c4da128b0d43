import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Range } from '../core/images/stretches.ts';

/** A manifest, byte for byte. */
export interface ServedManifest {
  readonly mediaType: string;
  readonly body: Buffer;
}

export interface ServedBlob {
  readonly size: number;
  read(range: Range): AsyncIterable<Buffer>;
}

/** What a registry has, by digest. */
export interface Shelf {
  manifest(digest: string): ServedManifest | undefined;
  blob(digest: string): ServedBlob | undefined;
}

export interface Registry {
  /** The name under which an engine on this machine can pull a digest. */
  nameOf(digest: string): string;
  close(): Promise<void>;
}

export type OpenRegistry = (shelf: Shelf) => Promise<Registry>;

const place = '[\\w./-]+';
const request = new RegExp(
  `^/v2/(?<repository>${place})/(?<kind>manifests|blobs)/(?<digest>sha256:[0-9a-f]{64})$`,
);

/**
 * Serves images on a free port of 127.0.0.1, for reading only (OCI distribution specification 1.1: pull). Engines take a
 * registry on a loopback address without TLS. The repository's name is a secret of this process and its engine:
 * what is pulled with somebody's login is not for everyone on the machine.
 */
export const openRegistry: OpenRegistry = async (shelf) => {
  const repository = randomBytes(16).toString('hex');
  const server = createServer((incoming, response) => {
    answer(shelf, repository, incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    nameOf: (digest) => `127.0.0.1:${port}/${repository}@${digest}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};

async function answer(
  shelf: Shelf,
  repository: string,
  { url = '', method = '', headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'UNSUPPORTED');
  if (/^\/v2\/?$/.test(url)) return void response.writeHead(200, { 'content-length': 0 }).end();
  const asked = request.exec(url)?.groups;
  if (asked?.['repository'] !== repository) return refuse(response, 404, 'NAME_UNKNOWN');
  const digest = asked['digest'] ?? '';
  response.setHeader('docker-content-digest', digest);
  if (asked['kind'] === 'manifests') {
    const manifest = shelf.manifest(digest);
    if (manifest === undefined) return refuse(response, 404, 'MANIFEST_UNKNOWN');
    const length = manifest.body.length;
    response.writeHead(200, { 'content-type': manifest.mediaType, 'content-length': length });
    return void response.end(method === 'HEAD' ? undefined : manifest.body);
  }
  const blob = shelf.blob(digest);
  if (blob === undefined) return refuse(response, 404, 'BLOB_UNKNOWN');
  const range = rangeOf(headers.range, blob.size);
  if (range === undefined) return refuse(response, 416, 'RANGE_INVALID');
  const { start, end } = range;
  response.writeHead(headers.range === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': end - start,
    'accept-ranges': 'bytes',
    ...(headers.range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${blob.size}` }),
  });
  if (method === 'HEAD') return void response.end();
  await pipeline(Readable.from(blob.read(range), { objectMode: false }), response);
}

/** The bytes that a `Range` header asks for, all of them without one; undefined where there are none such. */
function rangeOf(header: string | undefined, size: number): Range | undefined {
  if (header === undefined) return { start: 0, end: size };
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  return start < end ? { start, end } : undefined;
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const body = JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] });
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface StoredBlob {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Blobs in memory, as Azure's storage keeps them: one PUT, or blocks that count once a list of them is committed. */
export interface BlobStore {
  /** Room for a blob, by the signed address at which it is written and read. */
  allocate(origin: string): string;
  /** What was written to an address; nothing before a PUT or a list of blocks is complete. */
  read(address: string): StoredBlob | undefined;
  answer(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void>;
}

/** The emulator's account: a host without a name of its own takes the account from the path. */
export const blobAccount = '/devstoreaccount1/';

interface Place {
  readonly signature: string;
  readonly blocks: Map<string, Buffer>;
  committed: StoredBlob | undefined;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

export function blobStore(): BlobStore {
  const places = new Map<string, Place>();
  const reply = (request: IncomingMessage, url: URL, body: Buffer): Reply => {
    const place = places.get(url.pathname);
    if (place === undefined) return refusal(404, 'BlobNotFound');
    if (url.searchParams.get('sig') !== place.signature) return refusal(403, 'AuthenticationFailed');
    return request.method === 'PUT' ? write(place, request.headers, url, body) : send(place, request.headers);
  };
  return {
    allocate: (origin) => {
      const path = `${blobAccount}results/${randomUUID()}`;
      const signature = randomBytes(24).toString('base64url');
      places.set(path, { signature, blocks: new Map(), committed: undefined });
      return `${origin}${path}?sv=${version}&sp=rw&sig=${signature}`;
    },
    read: (address) => places.get(new URL(address).pathname)?.committed,
    answer: async (request, url, response) => {
      const { status, headers, body } = reply(request, url, await buffer(request));
      const now = new Date().toUTCString();
      const usual = { 'x-ms-request-id': randomUUID(), 'x-ms-version': version, 'last-modified': now };
      response.writeHead(status, { ...usual, etag: '"0x1"', ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
  };
}

const version = '2025-11-05';

function write(place: Place, headers: IncomingMessage['headers'], url: URL, body: Buffer): Reply {
  const part = url.searchParams.get('comp');
  const contentType = String(headers['x-ms-blob-content-type'] ?? headers['content-type'] ?? '');
  if (part === 'block') {
    place.blocks.set(url.searchParams.get('blockid') ?? '', body);
  } else if (part === 'blocklist') {
    const ids = [...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);
    const blocks = ids.map((id) => place.blocks.get(id));
    if (blocks.includes(undefined)) return refusal(400, 'InvalidBlockList');
    place.committed = { contentType, bytes: Buffer.concat(blocks.flatMap((block) => block ?? [])) };
    place.blocks.clear();
  } else if (part === null && headers['x-ms-blob-type'] === 'BlockBlob') {
    place.committed = { contentType, bytes: body };
  } else {
    return refusal(400, 'InvalidQueryParameterValue');
  }
  return { status: 201, headers: { 'x-ms-request-server-encrypted': 'true', 'content-length': 0 } };
}

/** The whole of it, or the one range that was asked for. */
function send({ committed }: Place, headers: IncomingMessage['headers']): Reply {
  if (committed === undefined) return refusal(404, 'BlobNotFound');
  const { bytes, contentType } = committed;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(String(headers['x-ms-range'] ?? headers.range ?? '')) ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to) + 1, bytes.length) : bytes.length;
  if (from !== undefined && start >= bytes.length) return refusal(416, 'InvalidRange');
  const own = { 'content-type': contentType, 'content-length': end - start, 'accept-ranges': 'bytes' };
  const body = bytes.subarray(start, end);
  if (from === undefined) return { status: 200, headers: own, body };
  return {
    status: 206,
    headers: { ...own, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` },
    body,
  };
}

function refusal(status: number, code: string): Reply {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code }, body };
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Spoiled } from './faults.ts';
import { type Line, receive, send } from './throttle.ts';

export interface StoredBlob {
  readonly contentType: string;
  readonly size: number;
  /** Put together anew each time it is asked for. */
  readonly bytes: Buffer;
}

/** Blobs in memory, as Azure's storage keeps them: one PUT, or blocks that count once a list of them is committed. */
export interface BlobStore {
  /** Room for a blob, by the signed address at which it is written and read. */
  allocate(origin: string): string;
  /** What was written to an address; nothing before a PUT or a list of blocks is complete. */
  read(address: string): StoredBlob | undefined;
  /** Writes to an address without asking anybody. */
  write(address: string, bytes: Buffer): void;
  answer(request: IncomingMessage, url: URL, response: ServerResponse, spoiled?: Spoiled): Promise<void>;
}

/** The emulator's account: a host without a name of its own takes the account from the path. */
export const blobAccount = '/devstoreaccount1/';

interface Committed {
  readonly contentType: string;
  /** As it came, block by block: large blobs are not copied. */
  readonly parts: readonly Buffer[];
}

interface Place {
  readonly signature: string;
  readonly blocks: Map<string, Buffer>;
  committed: Committed | undefined;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: readonly Buffer[];
}

/** A store behind two lines: one that its bytes come by, one that they leave by. */
export function blobStore(lines: { readonly upload: Line; readonly download: Line }): BlobStore {
  const places = new Map<string, Place>();
  const at = (address: string): Place | undefined => places.get(new URL(address).pathname);
  const reply = (request: IncomingMessage, url: URL, body: Buffer): Reply => {
    const place = places.get(url.pathname);
    if (place === undefined) return refusal(404, 'BlobNotFound');
    if (url.searchParams.get('sig') !== place.signature) return refusal(403, 'AuthenticationFailed');
    return request.method === 'PUT' ? write(place, request.headers, url, body) : read(place, request.headers);
  };
  return {
    allocate: (origin) => {
      const path = `${blobAccount}results/${randomUUID()}`;
      const signature = randomBytes(24).toString('base64url');
      places.set(path, { signature, blocks: new Map(), committed: undefined });
      return `${origin}${path}?sv=${version}&sp=rw&sig=${signature}`;
    },
    read: (address) => stored(at(address)?.committed),
    write: (address, bytes) => {
      const place = at(address);
      if (place !== undefined) place.committed = { contentType: 'application/octet-stream', parts: [bytes] };
    },
    answer: async (request, url, response, spoiled) => {
      const { status, headers, body } = reply(request, url, await receive(request, lines.upload));
      const now = new Date().toUTCString();
      const usual = { 'x-ms-request-id': randomUUID(), 'x-ms-version': version, 'last-modified': now };
      response.writeHead(status, { ...usual, etag: '"0x1"', ...headers });
      if (request.method !== 'HEAD')
        await send(response, spoiled ? spoil(body, spoiled) : body, lines.download);
      if (spoiled === 'truncate') response.socket?.destroySoon();
      else if (spoiled !== 'stall') response.end();
    },
  };
}

const version = '2025-11-05';

function stored(committed: Committed | undefined): StoredBlob | undefined {
  if (committed === undefined) return undefined;
  const { contentType, parts } = committed;
  return {
    contentType,
    size: length(parts),
    get bytes() {
      return Buffer.concat(parts);
    },
  };
}

function write(place: Place, headers: IncomingMessage['headers'], url: URL, body: Buffer): Reply {
  const part = url.searchParams.get('comp');
  const contentType = String(headers['x-ms-blob-content-type'] ?? headers['content-type'] ?? '');
  if (part === 'block') {
    place.blocks.set(url.searchParams.get('blockid') ?? '', body);
  } else if (part === 'blocklist') {
    const ids = [...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);
    const blocks = ids.map((id) => place.blocks.get(id));
    if (blocks.includes(undefined)) return refusal(400, 'InvalidBlockList');
    place.committed = { contentType, parts: blocks.flatMap((block) => block ?? []) };
    place.blocks.clear();
  } else if (part === null && headers['x-ms-blob-type'] === 'BlockBlob') {
    place.committed = { contentType, parts: [body] };
  } else {
    return refusal(400, 'InvalidQueryParameterValue');
  }
  return { status: 201, headers: { 'x-ms-request-server-encrypted': 'true', 'content-length': 0 }, body: [] };
}

/** The whole of it, or the one range that was asked for. */
function read({ committed }: Place, headers: IncomingMessage['headers']): Reply {
  if (committed === undefined) return refusal(404, 'BlobNotFound');
  const { parts, contentType } = committed;
  const size = length(parts);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(String(headers['x-ms-range'] ?? headers.range ?? '')) ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to) + 1, size) : size;
  if (from !== undefined && start >= size) return refusal(416, 'InvalidRange');
  const own = { 'content-type': contentType, 'content-length': end - start, 'accept-ranges': 'bytes' };
  const body = slice(parts, start, end);
  if (from === undefined) return { status: 200, headers: own, body };
  return { status: 206, headers: { ...own, 'content-range': `bytes ${start}-${end - 1}/${size}` }, body };
}

function length(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function slice(parts: readonly Buffer[], start: number, end: number): Buffer[] {
  let offset = 0;
  return parts.flatMap((part) => {
    const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, part.length)];
    offset += part.length;
    return from < to ? [part.subarray(from, to)] : [];
  });
}

function spoil(body: readonly Buffer[], how: Spoiled): Buffer[] {
  const half = Math.floor(length(body) / 2);
  if (how !== 'corrupt') return slice(body, 0, half);
  const [middle = 0] = slice(body, half, half + 1)[0] ?? [];
  return [...slice(body, 0, half), Buffer.of(middle ^ 0xff), ...slice(body, half + 1, length(body))];
}

function refusal(status: number, code: string): Reply {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  const headers = { 'content-type': 'application/xml', 'x-ms-error-code': code };
  return { status, headers, body: [Buffer.from(body)] };
}

/**
 * The registry that images come from, as slow as one far away: `node test/bench/upstream.ts FOLDER`, with what
 * `collectImages` has put there. Asked by the benchmark through `link.ts`, it tells what it has served and what that has cost.
 */
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Line, line } from '../runner/throttle.ts';
import { answer } from './link.ts';
import { type Pace, type Served, upstreamPort } from './servers.ts';
import { blobFile, type UpstreamImage } from './upstream-content.ts';

const [folder = ''] = process.argv.slice(2);
const images = JSON.parse(readFileSync(join(folder, 'images.json'), 'utf8')) as readonly UpstreamImage[];
const sizes = new Map(
  images.flatMap(({ blobs }) => blobs.map(({ digest, size }) => [digest, size] as const)),
);
let pace: Pace = {};
let total = line();
let lines = new WeakMap<object, Line>();
let bytes = 0;
let requests = 0;

/** A server elsewhere goes on sending while this machine is busy: so much it makes up for. */
const creditMs = 200;

const server = createServer((request, response) => {
  requests += 1;
  serve(request, response).catch(() => response.destroy());
});
const listening = new Promise<void>((resolve) => server.listen(upstreamPort, '127.0.0.1', resolve));

answer<Pace | undefined, Served>(async (wanted) => {
  await listening;
  if (wanted !== undefined) {
    pace = wanted;
    total = line(pace.bytesPerSecond, creditMs);
    lines = new WeakMap();
  }
  return { bytes, requests };
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await sleep(pace.latency);
  const { pathname } = new URL(request.url ?? '', 'http://localhost');
  const [, repository = '', kind, wanted = ''] =
    /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
  if (pathname === '/v2/') response.writeHead(200, { 'content-length': 0 }).end();
  else if (kind === 'manifests') sendManifest(request, response, repository, wanted);
  else if (sizes.has(wanted)) await sendBlob(request, response, wanted, sizes.get(wanted) ?? 0);
  else response.writeHead(404).end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
}

function sendManifest(
  { method }: IncomingMessage,
  response: ServerResponse,
  repository: string,
  wanted: string,
) {
  const found = images.find(
    (image) => image.repository === repository && [image.tag, image.digest].includes(wanted),
  );
  if (found === undefined) {
    response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    return;
  }
  const length = Buffer.byteLength(found.body);
  bytes += length;
  response.writeHead(200, {
    'content-type': found.type,
    'content-length': length,
    'docker-content-digest': found.digest,
    etag: `"${found.digest}"`,
  });
  response.end(method === 'HEAD' ? undefined : found.body);
}

async function sendBlob(request: IncomingMessage, response: ServerResponse, digest: string, size: number) {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to) + 1, size) : size;
  if (start >= end) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  response.writeHead(from === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': end - start,
    'accept-ranges': 'bytes',
    'docker-content-digest': digest,
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const own = lines.get(request.socket) ?? line(pace.bytesPerSecondAndConnection, creditMs);
  lines.set(request.socket, own);
  const file = await open(blobFile(folder, digest));
  try {
    await pipeline(pieces(file, start, end, own), response);
  } finally {
    await file.close();
  }
}

async function* pieces(file: FileHandle, start: number, end: number, own: Line): AsyncGenerator<Buffer> {
  const most = Math.min(own.pieceBytes, total.pieceBytes, 1024 * 1024);
  for (let at = start; at < end; ) {
    const length = Math.min(most, end - at);
    await Promise.all([own.pass(length), total.pass(length)]);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
    at += bytesRead;
    bytes += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

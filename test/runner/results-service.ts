import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type ArtifactService, artifactService, type StoredArtifact } from './artifact-service.ts';
import { type BlobStore, blobAccount, blobStore } from './blob-store.ts';
import { type CacheService, cacheService, type GivenCache, type StoredCache } from './cache-service.ts';
import { type Fault, faultsDue, spoils, suffer } from './faults.ts';
import { cacheScopes, type RunToken, runtimeToken } from './run-token.ts';
import { line } from './throttle.ts';
import { type Methods, readFields, ServiceError } from './twirp.ts';

export { cacheVersion } from './cache-service.ts';
export type { Fault } from './faults.ts';

/** A stand-in for the service that keeps artifacts and caches, good enough for the unmodified `@actions/artifact` and `@actions/cache`. */
export interface ResultsService extends AsyncDisposable {
  /** What GitHub's runner tells the actions of a job, and no others: for `actionEnv`. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for a job of another run of the repository: artifacts of its own, the same caches as far as its token goes. */
  job(token?: RunToken): Readonly<Record<string, string>>;
  /** Those whose upload was finished, the oldest of a run first. */
  readonly artifacts: readonly StoredArtifact[];
  /** Those whose upload was finished, the oldest first. */
  readonly caches: readonly StoredCache[];
  /** Puts other bytes under the key of a cache entry: as much as was asked for, and not what was saved. */
  replaceCache(key: string, bytes: Buffer): void;
  /** What was asked so far, such as `CreateArtifact`, `PutBlock` or `GetBlob`. */
  readonly requests: readonly string[];
  /** Bytes of artifacts and caches that were downloaded so far. */
  readonly sent: number;
}

export interface ResultsOptions {
  readonly faults?: readonly Fault[];
  readonly cache?: {
    /** The newest last. */
    readonly entries?: readonly GivenCache[];
    /** Of the job that `env` is for. */
    readonly token?: RunToken;
    /** Of all connections together, either way or each for itself; artifacts share it. */
    readonly bytesPerSecond?: number | { readonly upload?: number; readonly download?: number };
    /**
     * The host in the addresses of caches. Below `.blob.core.windows.net` the client downloads as on GitHub, several
     * ranges at once; everywhere else in one stream. Clients find it by `http_proxy`, which is then part of `env`.
     */
    readonly blobHost?: string;
  };
}

interface Run {
  readonly artifacts: ArtifactService;
  readonly services: ReadonlyMap<string, Methods>;
}

const packageName = 'github.actions.results.api.v1';

/** Serves one repository on a free port of 127.0.0.1, for the length of a scope. */
export async function resultsService({
  faults = [],
  cache = {},
}: ResultsOptions = {}): Promise<ResultsService> {
  const lines = linesOf(cache.bytesPerSecond);
  const blobs = blobStore(lines);
  const caches = cacheService(blobs, () => (cache.blobHost ? `http://${cache.blobHost}` : origin));
  const runs = new Map<string, Run>();
  const requests: string[] = [];
  const due = faultsDue(faults);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', origin);
    const operation = operationOf(request.method ?? '', url);
    requests.push(operation);
    const fault = due(operation, caches.keyAt(url.pathname));
    const answered =
      fault !== undefined && !spoils(fault)
        ? suffer(fault, request, response)
        : url.pathname.startsWith(blobAccount)
          ? blobs.answer(request, url, response, fault)
          : call(runs, request, url, response);
    // A client that hangs up in the middle of its request gets no answer.
    answered.catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const entry of cache.entries ?? []) caches.keep(entry);
  const job = (token: RunToken = {}): Readonly<Record<string, string>> => ({
    ...environment(origin, register(runs, blobs, caches, token, origin), token),
    ...(cache.blobHost ? { http_proxy: origin, no_proxy: '127.0.0.1,localhost' } : {}),
  });
  return {
    env: job(cache.token),
    job,
    requests,
    get sent() {
      return lines.download.passed;
    },
    get artifacts() {
      return [...runs.values()].flatMap((run) => run.artifacts.list());
    },
    get caches() {
      return caches.list();
    },
    replaceCache: caches.replace,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function linesOf(speed: number | { readonly upload?: number; readonly download?: number } = {}) {
  const { upload, download } = typeof speed === 'number' ? { upload: speed, download: speed } : speed;
  return { upload: line(upload), download: line(download) };
}

/** Gives a run a token, and what can be done with it. */
function register(
  runs: Map<string, Run>,
  blobs: BlobStore,
  caches: CacheService,
  token: RunToken,
  origin: string,
): string {
  const ids = { run: randomUUID(), job: randomUUID() };
  const scopes = cacheScopes(token);
  const artifacts = artifactService(blobs, ids, () => origin);
  const services = new Map([
    [`${packageName}.ArtifactService`, artifacts.methods],
    [`${packageName}.CacheService`, caches.methods(scopes)],
  ]);
  const bearer = runtimeToken(ids, scopes);
  runs.set(bearer, { artifacts, services });
  return bearer;
}

function environment(origin: string, bearer: string, { announced, mode }: RunToken): Record<string, string> {
  return {
    ACTIONS_RESULTS_URL: `${origin}/`,
    ACTIONS_RUNTIME_URL: `${origin}/`,
    ACTIONS_RUNTIME_TOKEN: bearer,
    ACTIONS_CACHE_SERVICE_V2: 'True',
    ...(announced ? { ACTIONS_CACHE_MODE: mode ?? 'write' } : {}),
  };
}

function operationOf(method: string, url: URL): string {
  if (!url.pathname.startsWith(blobAccount)) return url.pathname.split('/').at(-1) ?? '';
  const parts: Readonly<Record<string, string>> = { block: 'PutBlock', blocklist: 'PutBlockList' };
  if (method === 'PUT') return parts[url.searchParams.get('comp') ?? ''] ?? 'PutBlob';
  return method === 'HEAD' ? 'HeadBlob' : 'GetBlob';
}

async function call(
  runs: ReadonlyMap<string, Run>,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const [, prefix, service = '', name = ''] = url.pathname.split('/');
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const message: unknown = await json(request).catch(() => undefined);
  try {
    const run = runs.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (run === undefined) throw new ServiceError(401, 'unauthenticated', 'not the token of a run');
    const method =
      prefix === 'twirp' && request.method === 'POST' ? run.services.get(service)?.[name] : undefined;
    if (method === undefined) throw new ServiceError(404, 'bad_route', `no handler for ${url.pathname}`);
    if (message === undefined) throw new ServiceError(400, 'malformed', 'the body is no JSON');
    reply(200, method(readFields(message)));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    reply(error.status, { code: error.code, msg: error.message });
  }
}

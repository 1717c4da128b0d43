import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { artifactService, type RunIds, type StoredArtifact } from './artifact-service.ts';
import { blobAccount, blobStore } from './blob-store.ts';
import { type Fault, faultsDue, suffer } from './faults.ts';
import { type Methods, readFields, ServiceError } from './twirp.ts';

export type { Fault } from './faults.ts';

/** A stand-in for the service that keeps the artifacts of a run, good enough for the unmodified `@actions/artifact`. */
export interface ResultsService extends AsyncDisposable {
  /** What GitHub's runner tells the actions of a job, and no others: for `actionEnv`. */
  readonly env: Readonly<Record<string, string>>;
  /** Those whose upload was finished, the oldest first. */
  readonly artifacts: readonly StoredArtifact[];
  /** What was asked so far, such as `CreateArtifact`, `PutBlock` or `GetBlob`. */
  readonly requests: readonly string[];
}

const packageName = 'github.actions.results.api.v1';

/** Serves one run on a free port of 127.0.0.1, for the length of a scope. */
export async function resultsService(
  options: { readonly faults?: readonly Fault[] } = {},
): Promise<ResultsService> {
  const ids: RunIds = { run: randomUUID(), job: randomUUID() };
  const token = runtimeToken(ids);
  const blobs = blobStore();
  const artifacts = artifactService(blobs, ids, () => origin);
  const services = new Map<string, Methods>([[`${packageName}.ArtifactService`, artifacts.methods]]);
  const requests: string[] = [];
  const due = faultsDue(options.faults ?? []);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', origin);
    const operation = operationOf(request.method ?? '', url);
    requests.push(operation);
    const fault = due(operation);
    const answered =
      fault !== undefined
        ? suffer(fault, request, response)
        : url.pathname.startsWith(blobAccount)
          ? blobs.answer(request, url, response)
          : call(services, token, request, url, response);
    // A client that hangs up in the middle of its request gets no answer.
    answered.catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: {
      ACTIONS_RESULTS_URL: `${origin}/`,
      ACTIONS_RUNTIME_URL: `${origin}/`,
      ACTIONS_RUNTIME_TOKEN: token,
    },
    requests,
    get artifacts() {
      return artifacts.list();
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A JWT whose claims say which run and which job its bearer belongs to; nobody checks its signature here. */
function runtimeToken({ run, job }: RunIds): string {
  const claims = {
    scp: `Actions.GenericRead:0000 Actions.Results:${run}:${job}`,
    exp: Math.floor(Date.now() / 1000) + 6 * 3600,
  };
  const parts = [{ typ: 'JWT', alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)));
  return [...parts, Buffer.from('signature')].map((part) => part.toString('base64url')).join('.');
}

function operationOf(method: string, url: URL): string {
  if (!url.pathname.startsWith(blobAccount)) return url.pathname.split('/').at(-1) ?? '';
  const parts: Readonly<Record<string, string>> = { block: 'PutBlock', blocklist: 'PutBlockList' };
  if (method === 'PUT') return parts[url.searchParams.get('comp') ?? ''] ?? 'PutBlob';
  return method === 'HEAD' ? 'HeadBlob' : 'GetBlob';
}

async function call(
  services: ReadonlyMap<string, Methods>,
  token: string,
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
    const method =
      prefix === 'twirp' && request.method === 'POST' ? services.get(service)?.[name] : undefined;
    if (method === undefined) throw new ServiceError(404, 'bad_route', `no handler for ${url.pathname}`);
    if (request.headers.authorization !== `Bearer ${token}`)
      throw new ServiceError(401, 'unauthenticated', 'not the token of this run');
    if (message === undefined) throw new ServiceError(400, 'malformed', 'the body is no JSON');
    reply(200, method(readFields(message)));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    reply(error.status, { code: error.code, msg: error.message });
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { asObject } from '../../src/core/json.ts';
import {
  type Answer,
  type Asked,
  answerOf,
  type Repository,
  type ServedPullRequest,
} from './github-repository.ts';

export type Permission = 'pull-requests' | 'deployments';

/** The next requests that match go wrong. */
export interface Fault {
  /** Of `METHOD path`, such as `POST deployments`. */
  readonly at: RegExp;
  /** Without a status no answer ever comes. */
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** So often; without it always. */
  readonly times?: number;
}

/** GitHub's API as far as the previews of one repository go: REST, and whose a token is (GraphQL). */
export interface GitHubServer extends Repository {
  /** For `GITHUB_API_URL`. */
  readonly url: string;
  readonly token: string;
  /** What was asked, in order: `POST issues/7/comments`; for GraphQL `POST graphql`. */
  readonly calls: string[];
  /** The same without questions. */
  changes(): readonly string[];
  readonly faults: Fault[];
  /** What the token may write; it reads everything. */
  readonly writes: Set<Permission>;
  open(pullRequest: Partial<ServedPullRequest> & Pick<ServedPullRequest, 'number' | 'head'>): void;
  close(number: number): void;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Served
  extends Omit<GitHubServer, 'url' | 'changes' | 'open' | 'close' | typeof Symbol.asyncDispose> {
  readonly login: string;
}

/** Answers whoever has the token as the account `login`; others get 401, and what it does not know 404. */
export async function githubServer({
  repository = 'octo/shop',
  login = 'github-actions[bot]',
  token = 'nobodys-token',
} = {}): Promise<GitHubServer> {
  const served: Served = {
    ...{ name: repository, login, token, calls: [], faults: [] },
    ...{ pullRequests: new Map(), comments: new Map(), deployments: [] },
    writes: new Set(['pull-requests', 'deployments']),
  };
  const server = createServer((request, response) => void respond(served, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...served,
    url: `http://127.0.0.1:${port}`,
    changes: () => served.calls.filter((call) => !/^GET |graphql$/.test(call)),
    open: (given) =>
      void served.pullRequests.set(given.number, { state: 'open', from: repository, ...given }),
    close: (number) => {
      const known = served.pullRequests.get(number);
      if (known !== undefined) served.pullRequests.set(number, { ...known, state: 'closed' });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function respond(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', `http://${request.headers.host}`);
  const path = url.pathname.replace(`/repos/${served.name}/`, '').replace(/^\//, '');
  const call = `${request.method} ${path}`;
  served.calls.push(call);
  const body = asObject(JSON.parse((await text(request)) || '{}')) ?? {};
  const fault = takeFault(served.faults, call);
  if (fault !== undefined && fault.status === undefined) return;
  const asked = {
    method: request.method ?? '',
    path,
    query: url.searchParams,
    body,
    login: served.login,
  };
  const answer =
    fault === undefined ? allowed(served, request, asked) : failed(fault.status ?? 500, fault.message);
  const { status, body: given, next } = onePage(answer, url);
  const headers = { ...fault?.headers, ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }) };
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(given === undefined ? undefined : JSON.stringify(given));
}

function takeFault(faults: Fault[], call: string): Fault | undefined {
  const at = faults.findIndex((fault) => fault.at.test(call));
  const fault = faults[at];
  if (fault?.times !== undefined) {
    if (fault.times > 1) faults[at] = { ...fault, times: fault.times - 1 };
    else faults.splice(at, 1);
  }
  return fault;
}

function failed(status: number, message = 'Server Error'): Answer {
  return { status, body: { message } };
}

function allowed(served: Served, request: IncomingMessage, asked: Asked): Answer {
  const [, given] = /^(?:token|bearer) (.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (given !== served.token) return failed(401, 'Bad credentials');
  if (asked.path === 'graphql') return { status: 200, body: { data: { viewer: { login: served.login } } } };
  const needs = asked.path.startsWith('deployments') ? 'deployments' : 'pull-requests';
  if (asked.method !== 'GET' && !served.writes.has(needs))
    return failed(403, 'Resource not accessible by integration');
  return answerOf(served, asked);
}

/** A list comes in pages of 30, or of what the request says. */
function onePage({ status, body }: Answer, url: URL): Answer & { readonly next?: string } {
  if (!Array.isArray(body)) return { status, body };
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const page = Number(url.searchParams.get('page') ?? 1);
  const shown = body.slice((page - 1) * size, page * size);
  if (page * size >= body.length) return { status, body: shown };
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return { status, body: shown, next: next.href };
}

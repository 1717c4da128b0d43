import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  /** Who opened it. */
  readonly creator: string;
  readonly comments: readonly string[];
  /** GitHub lists pull requests among issues, with this. */
  readonly pull_request?: object;
}

/** GitHub's REST API as far as issues of one repository go. */
export interface IssueServer {
  /** For the API's address: `http://127.0.0.1:port/repos/octo/shop`. */
  readonly url: string;
  /** `POST issues`, in the order of their arrival; questions (GET) are not among them. */
  readonly changes: string[];
  readonly issues: Issue[];
  close(): void;
}

const base = '/repos/octo/shop/';
const bot = 'github-actions[bot]';

/** Answers whoever has this token; others get 401, and what it does not know 404. */
export async function serveIssues(token: string): Promise<IssueServer> {
  const [changes, issues]: [string[], Issue[]] = [[], []];
  const server = createServer(async (request, response) => {
    const { status, answer } = await respond(request, token, changes, issues);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${base.slice(0, -1)}`;
  return { url, changes, issues, close: () => server.close() };
}

async function respond(request: IncomingMessage, token: string, changes: string[], issues: Issue[]) {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, answer: {} };
  const asked = `${request.method} ${pathname.slice(base.length)}`;
  if (asked === 'GET issues') return { status: 200, answer: listed(issues, searchParams) };
  const body = JSON.parse(await text(request)) as Partial<Issue>;
  changes.push(asked);
  return change(asked, body, issues);
}

/** Without `state` GitHub lists what is open. */
function listed(issues: readonly Issue[], query: URLSearchParams) {
  const [state, creator] = [query.get('state') ?? 'open', query.get('creator')];
  return issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => creator === null || issue.creator === creator);
}

function change(asked: string, body: Partial<Issue>, issues: Issue[]) {
  if (asked === 'POST issues') {
    const made = {
      title: '',
      body: '',
      labels: [],
      ...body,
      state: 'open',
      creator: bot,
      comments: [],
    } as const;
    issues.push({ ...made, number: issues.length + 1 });
    return { status: 201, answer: issues.at(-1) };
  }
  const [, method, number, comment] = /^(PATCH|POST) issues\/(\d+)(\/comments)?$/.exec(asked) ?? [];
  const at = issues.findIndex((issue) => issue.number === Number(number));
  const issue = issues[at];
  if (issue === undefined || (method === 'POST') !== (comment !== undefined))
    return { status: 404, answer: {} };
  issues[at] = comment ? { ...issue, comments: [...issue.comments, body.body ?? ''] } : { ...issue, ...body };
  return { status: method === 'POST' ? 201 : 200, answer: issues[at] };
}

import type { components } from '@octokit/openapi-types';

type Schemas = components['schemas'];
type Has<T, K extends keyof T> = Readonly<Pick<T, K> & { id: number }>;

/** What the server answers with, as GitHub's OpenAPI description has it; fields that nobody reads are left out. */
export type ServedComment = Has<Schemas['issue-comment'], 'body' | 'created_at'> & { readonly user: Account };
export type ServedDeployment = Has<
  Schemas['deployment'],
  | 'sha'
  | 'ref'
  | 'task'
  | 'payload'
  | 'environment'
  | 'description'
  | 'transient_environment'
  | 'production_environment'
  | 'created_at'
> & { readonly statuses: readonly ServedStatus[] };
export type ServedStatus = Has<
  Schemas['deployment-status'],
  'state' | 'description' | 'environment_url' | 'log_url' | 'created_at'
>;
type Account = Pick<Schemas['simple-user'], 'login' | 'type'>;

export interface ServedPullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly head: string;
  /** The repository that its branch is in; undefined where that is gone. */
  readonly from: string | undefined;
}

/** A repository of GitHub's as far as previews see it. */
export interface Repository {
  readonly name: string;
  readonly pullRequests: Map<number, ServedPullRequest>;
  /** By pull request. */
  readonly comments: Map<number, ServedComment[]>;
  readonly deployments: ServedDeployment[];
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Asked {
  readonly method: string;
  /** Below the repository, such as `issues/7/comments`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly login: string;
}

type Route = readonly [RegExp, (repository: Repository, asked: Asked, id: number) => Answer];

const routes: readonly Route[] = [
  [/^GET pulls\/(\d+)$/, pullRequest],
  [/^GET issues\/(\d+)\/comments$/, (repository, _, id) => found(repository.comments.get(id) ?? [])],
  [/^POST issues\/(\d+)\/comments$/, comment],
  [/^PATCH issues\/comments\/(\d+)$/, changeComment],
  [/^DELETE issues\/comments\/(\d+)$/, deleteComment],
  [/^GET deployments$/, listDeployments],
  [/^POST deployments$/, deploy],
  [/^GET deployments\/(\d+)\/statuses$/, listStatuses],
  [/^POST deployments\/(\d+)\/statuses$/, tell],
];

export function answerOf(repository: Repository, asked: Asked): Answer {
  for (const [pattern, act] of routes) {
    const [whole, id] = pattern.exec(`${asked.method} ${asked.path}`) ?? [];
    if (whole !== undefined) return act(repository, asked, Number(id));
  }
  return missing;
}

const missing: Answer = { status: 404, body: { message: 'Not Found' } };
const now = () => new Date().toISOString();
const found = (body: unknown): Answer => ({ status: 200, body });
const made = (body: unknown): Answer => ({ status: 201, body });
const invalid = (...errors: readonly string[]): Answer => ({
  status: 422,
  body: { message: 'Validation Failed', errors },
});
const last = ({ id }: { readonly id: number } = { id: 0 }) => id;
const text = (value: unknown) => (typeof value === 'string' ? value : '');

function pullRequest({ name, pullRequests }: Repository, _: Asked, number: number): Answer {
  const known = pullRequests.get(number);
  if (known === undefined) return missing;
  const repo = known.from === undefined ? null : { full_name: known.from };
  const head = { sha: known.head, repo };
  return found({ number, state: known.state, head, base: { repo: { full_name: name } } });
}

/** The limit of GitHub's database. */
const longestComment = 65_536;

function comment({ comments }: Repository, { body, login }: Asked, number: number): Answer {
  const ids = [...comments.values()].flat().map(last);
  const given = text(body['body']);
  if (given === '' || given.length > longestComment) return invalid('body');
  const type = login.endsWith('[bot]') ? 'Bot' : 'User';
  const written = {
    id: Math.max(0, ...ids) + 1,
    body: given,
    created_at: now(),
    user: { login, type },
  };
  comments.set(number, [...(comments.get(number) ?? []), written]);
  return made(written);
}

function changeComment({ comments }: Repository, { body }: Asked, id: number): Answer {
  const given = text(body['body']);
  if (given === '' || given.length > longestComment) return invalid('body');
  for (const [number, list] of comments) {
    const at = list.findIndex((each) => each.id === id);
    const known = list[at];
    if (known === undefined) continue;
    const changed = { ...known, body: given };
    comments.set(number, list.with(at, changed));
    return found(changed);
  }
  return missing;
}

function deleteComment({ comments }: Repository, _: Asked, id: number): Answer {
  for (const [number, list] of comments) {
    const rest = list.filter((each) => each.id !== id);
    comments.set(number, rest);
    if (rest.length < list.length) return { status: 204 };
  }
  return missing;
}

function listDeployments({ deployments }: Repository, { query }: Asked): Answer {
  const [environment, sha] = [query.get('environment'), query.get('sha')];
  const matching = deployments
    .filter((each) => environment === null || each.environment === environment)
    .filter((each) => sha === null || each.sha === sha);
  return found(matching.map(({ statuses, ...rest }) => rest).toReversed());
}

function deploy({ deployments }: Repository, { body }: Asked): Answer {
  const ref = text(body['ref']);
  if (!/^[0-9a-f]{40}$/.test(ref)) return { status: 422, body: { message: `No ref found for: ${ref}` } };
  // Without these GitHub merges the base in, or waits for the checks of the commit.
  if (body['auto_merge'] !== false || !Array.isArray(body['required_contexts']))
    return { status: 409, body: { message: 'Conflict merging' } };
  const deployment: ServedDeployment = {
    id: last(deployments.at(-1)) + 1,
    ...{ ref, sha: ref, task: 'deploy', created_at: now(), statuses: [] },
    payload: (body['payload'] ?? '') as ServedDeployment['payload'],
    environment: text(body['environment']) || 'production',
    description: text(body['description']),
    transient_environment: body['transient_environment'] === true,
    production_environment: body['production_environment'] === true,
  };
  deployments.push(deployment);
  const { statuses, ...answer } = deployment;
  return made(answer);
}

function listStatuses({ deployments }: Repository, _: Asked, id: number): Answer {
  const known = deployments.find((each) => each.id === id);
  return known === undefined ? missing : found(known.statuses.toReversed());
}

const states = ['error', 'failure', 'inactive', 'pending', 'success', 'queued', 'in_progress'] as const;

function tell({ deployments }: Repository, { body }: Asked, id: number): Answer {
  const at = deployments.findIndex((each) => each.id === id);
  const known = deployments[at];
  if (known === undefined) return missing;
  const state = states.find((each) => each === body['state']);
  const description = text(body['description']);
  const urls = [text(body['environment_url']), text(body['log_url'])];
  if (state === undefined) return invalid('state');
  if (description.length > 140) return invalid('description is too long (maximum is 140 characters)');
  if (urls.some((url) => url !== '' && !/^https?:\/\//.test(url)))
    return invalid('url must use http(s) scheme');
  const [environment_url = '', log_url = ''] = urls;
  const status = {
    id: last(known.statuses.at(-1)) + 1,
    ...{ state, description, environment_url, log_url },
    created_at: now(),
  };
  deployments[at] = { ...known, statuses: [...known.statuses, status] };
  return made(status);
}

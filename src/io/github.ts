import type { Comment } from '../core/preview/announce-comment.ts';
import type { Deployment, DeploymentStatus, NewDeployment } from '../core/preview/announce-deployment.ts';
import { githubFailure, limitOf, refusalOf } from '../core/preview/github-failure.ts';
import type { PullRequest } from '../core/preview/pull-request.ts';

/** GitHub's API for one repository. Whatever it refuses is thrown as a UserError. */
export interface GitHub {
  pullRequest(number: number): Promise<PullRequest>;
  /** The login of the account whose token this is, such as `github-actions[bot]`. */
  self(): Promise<string>;
  comments(pullRequest: number): Promise<readonly Comment[]>;
  /** Gives its id. */
  createComment(pullRequest: number, body: string): Promise<number>;
  updateComment(id: number, body: string): Promise<void>;
  deleteComment(id: number): Promise<void>;
  /** Of an environment, the newest ones, some hundreds at most. */
  deployments(environment: string): Promise<readonly Deployment[]>;
  /** Gives its id. */
  createDeployment(deployment: NewDeployment): Promise<number>;
  /** The newest state of a deployment, in GitHub's words; undefined where it has none. */
  deploymentState(id: number): Promise<string | undefined>;
  setDeploymentStatus(id: number, status: DeploymentStatus): Promise<void>;
}

export interface GitHubAccess {
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
  /** Without it what the runner names (`GITHUB_API_URL`). */
  readonly apiUrl?: string;
  /** Milliseconds that a second of waiting takes; fewer for tests. */
  readonly second?: number;
}

/** Through Octokit, which is loaded with the first request. */
export function githubApi(access: GitHubAccess): GitHub {
  let opened: ReturnType<typeof open> | undefined;
  const [owner = '', repo = ''] = access.repository.split('/');
  const place = { owner, repo };
  const ask = async <T>(asked: string, request: (api: Api) => Promise<T>): Promise<T> => {
    try {
      opened ??= open(access);
      return await request(await opened);
    } catch (error) {
      throw githubFailure(asked, refusalOf(error));
    }
  };
  return { ...pullRequests(ask, place), ...comments(ask, place), ...deployments(ask, place) };
}

type Api = Awaited<ReturnType<typeof open>>;
type Ask = <T>(asked: string, request: (api: Api) => Promise<T>) => Promise<T>;
interface Place {
  readonly owner: string;
  readonly repo: string;
}

/** A request without an answer is given up after so many milliseconds, and tried again. */
const patience = 20_000;
/** Limits of GitHub's that end within so many seconds are waited for. */
const longestLimit = 90;
const retries = 2;
/** The same again would be answered the same. */
const finalAnswers = [400, 401, 403, 404, 410, 413, 422, 429, 451];

async function open({ token, apiUrl, second = 1000 }: GitHubAccess) {
  const [{ getOctokit }, { retry }] = await Promise.all([
    import('@actions/github'),
    import('@octokit/plugin-retry'),
  ]);
  const patient = (...[octokit, options]: Parameters<typeof retry>) => {
    octokit.hook.before('request', ({ request }) => {
      request.signal = AbortSignal.timeout(patience);
    });
    // The throttling plugin would do it, too, but puts seconds between writes, of which there are a handful here.
    octokit.hook.error('request', (error) => {
      const seconds = limitOf(error, Date.now()) ?? Number.POSITIVE_INFINITY;
      const isOver = 'status' in error && seconds <= longestLimit;
      throw isOver ? again.retry.retryRequest(error, retries, seconds) : error;
    });
    const again = retry(octokit, options);
    return again;
  };
  const silent = () => undefined;
  return getOctokit(
    token,
    {
      userAgent: 'paklog-infra-action',
      log: { debug: silent, info: silent, warn: silent, error: silent },
      ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }),
      retry: { retries, retryAfterBaseValue: second, doNotRetry: finalAnswers },
    },
    patient,
  );
}

function pullRequests(ask: Ask, place: Place): Pick<GitHub, 'pullRequest' | 'self'> {
  let login: Promise<string> | undefined;
  return {
    pullRequest: (number) =>
      ask(`about pull request #${number}`, async ({ rest }) => {
        const { data } = await rest.pulls.get({ ...place, pull_number: number });
        const { head, base, state } = data;
        // Typed as if it were always there; it is null when the fork is gone.
        const from: { readonly full_name: string } | null = head.repo;
        return {
          number,
          open: state === 'open',
          head: head.sha,
          fork: from?.full_name !== base.repo.full_name,
        };
      }),
    self: () => {
      // The token of a job may not ask `GET /user`.
      login ??= ask('whose token this is', async ({ graphql }) => {
        return (await graphql<{ viewer: { login: string } }>('query { viewer { login } }')).viewer.login;
      });
      return login;
    },
  };
}

function comments(
  ask: Ask,
  place: Place,
): Pick<GitHub, 'comments' | 'createComment' | 'updateComment' | 'deleteComment'> {
  return {
    comments: (number) =>
      ask(`for the comments of pull request #${number}`, async ({ rest, paginate }) => {
        const page = { ...place, issue_number: number, per_page: 100 };
        const found = await paginate(rest.issues.listComments, page);
        return found.map(({ id, user, body }) => ({ id, author: user?.login ?? '', body: body ?? '' }));
      }),
    createComment: (number, body) =>
      ask(`to comment on pull request #${number}`, async ({ rest }) => {
        const { data } = await rest.issues.createComment({ ...place, issue_number: number, body });
        return data.id;
      }),
    updateComment: (id, body) =>
      ask(`to change comment ${id}`, async ({ rest }) => {
        await rest.issues.updateComment({ ...place, comment_id: id, body });
      }),
    deleteComment: (id) =>
      ask(`to delete comment ${id}`, async ({ rest }) => {
        // Whoever was quicker has done the same.
        const gone = (error: unknown) => {
          if (refusalOf(error).status !== 404) throw error;
        };
        await rest.issues.deleteComment({ ...place, comment_id: id }).catch(gone);
      }),
  };
}

const mostPages = 5;

function deployments(
  ask: Ask,
  place: Place,
): Pick<GitHub, 'deployments' | 'createDeployment' | 'deploymentState' | 'setDeploymentStatus'> {
  return {
    deployments: (environment) =>
      ask(`for the deployments of ${environment}`, async ({ rest, paginate }) => {
        let pages = 0;
        const page = { ...place, environment, per_page: 100 };
        return paginate(rest.repos.listDeployments, page, ({ data }, done) => {
          pages += 1;
          if (pages === mostPages) done();
          return data.map(({ id, sha, payload }) => ({ id, commit: sha, payload }));
        });
      }),
    createDeployment: ({ commit, environment, description, payload }) =>
      ask(`for a deployment of ${commit}`, async ({ rest }) => {
        const { data } = await rest.repos.createDeployment({
          ...place,
          ...{ ref: commit, environment, description, payload: { ...payload } },
          // A preview shows what is there: nothing is merged into it, and no check has to have passed.
          ...{ auto_merge: false, required_contexts: [] },
          ...{ transient_environment: true, production_environment: false },
        });
        if (!('id' in data)) throw new Error(data.message ?? 'It made none.');
        return data.id;
      }),
    deploymentState: (id) =>
      ask(`for the state of deployment ${id}`, async ({ rest }) => {
        const newest = { ...place, deployment_id: id, per_page: 1 };
        return (await rest.repos.listDeploymentStatuses(newest)).data[0]?.state;
      }),
    setDeploymentStatus: (id, { state, description, logUrl, environmentUrl }) =>
      ask(`to call deployment ${id} ${state}`, async ({ rest }) => {
        await rest.repos.createDeploymentStatus({
          ...place,
          ...{ deployment_id: id, state, description, log_url: logUrl, auto_inactive: false },
          ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
        });
      }),
  };
}

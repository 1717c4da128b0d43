import { UserError } from '../errors.ts';
import { asObject, asString } from '../json.ts';
import { plain } from '../markdown.ts';

/** What GitHub's API answered instead of what was asked for. */
export interface Refusal {
  /** Undefined where no answer came. */
  readonly status?: number;
  readonly message: string;
}

/** What an error of Octokit's tells; it says 500 where no answer came. */
export function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  const answered = asObject(error)?.['response'] !== undefined;
  const status = asObject(error)?.['status'];
  return { message, ...(answered && typeof status === 'number' ? { status } : {}) };
}

/**
 * Seconds until a limit of GitHub's is over, where that is why it has refused. Without a header that says when, it asks for a
 * minute ("Rate limits for the REST API" in its documentation). `now` is in milliseconds since 1970.
 */
export function limitOf(error: unknown, now: number): number | undefined {
  const { status, message } = refusalOf(error);
  if (status !== 403 && status !== 429) return undefined;
  const headers = asObject(asObject(asObject(error)?.['response'])?.['headers']) ?? {};
  const number = (name: string) => Number(asString(headers[name]) ?? Number.NaN);
  if (number('retry-after') >= 0) return number('retry-after');
  if (number('x-ratelimit-remaining') === 0)
    return Math.max(0, Math.ceil(number('x-ratelimit-reset') - now / 1000)) + 1;
  return /secondary rate/i.test(message) ? 60 : undefined;
}

/** The failure of a request to GitHub. `asked` goes on after "GitHub was asked". */
export function githubFailure(asked: string, { status, message }: Refusal): UserError {
  const answer = status === undefined ? 'gave no answer' : `answered ${status}`;
  const what = `GitHub was asked ${asked}, and ${answer}: ${plain(message)}`;
  return new UserError({ code: 'GITHUB_REFUSED', what, ...explain(status, message) });
}

const rights = '`contents: read`, `pull-requests: write` and `deployments: write`';

function explain(status: number | undefined, message: string) {
  if (status === undefined || status >= 500)
    return {
      why: 'GitHub is in trouble, or this machine cannot reach its API.',
      advice: 'Run the job again later. On a runner of your own, look at its proxy and its way to the API.',
    };
  if (status === 429 || (status === 403 && /rate limit/i.test(message)))
    return {
      why: 'The token has asked GitHub too often; others that use the same account count, too.',
      advice: 'Run the job again in some minutes.',
    };
  if (status === 401)
    return {
      why: 'There is no token, or it is not valid any more.',
      advice: 'Leave the input `token` as it is, or give one that is valid.',
    };
  if (status === 403 || status === 404)
    return {
      why: 'The token may not do this, or there is no such thing in this repository.',
      advice: `Give the job the permissions ${rights}. Runs of forks and of Dependabot have tokens that only read.`,
    };
  return {
    why: 'GitHub does not accept the request.',
    advice: 'Look at what it says. If it tells nothing about your repository, open an issue of this action.',
  };
}

import { UserError } from '../core/errors.ts';
import { asObject, asString } from '../core/json.ts';
import type { PullRequest } from '../core/preview/pull-request.ts';

/** GitHub's REST API, as far as previews need it. */
export interface GitHub {
  /** @throws UserError */
  pullRequest(number: number): Promise<PullRequest>;
}

/** Milliseconds. */
const patience = 20_000;

export function githubApi(api: string, repository: string, token: string): GitHub {
  return {
    pullRequest: async (number) => {
      const url = `${api}/repos/${repository}/pulls/${number}`;
      const headers = {
        accept: 'application/vnd.github+json',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      };
      try {
        const answer = await fetch(url, { headers, signal: AbortSignal.timeout(patience) });
        const json = asObject(await answer.json());
        const head = asObject(json?.['head']);
        if (!answer.ok || head === undefined) throw new Error(`HTTP ${answer.status}`);
        return {
          number,
          open: json?.['state'] === 'open',
          head: asString(head['sha']) ?? '',
          fork: asString(asObject(head['repo'])?.['full_name']) !== repository,
        };
      } catch (error) {
        throw new UserError({
          code: 'GITHUB_UNAVAILABLE',
          what: `GitHub does not say how pull request ${number} stands.`,
          why: error instanceof Error ? error.message : String(error),
          advice: 'Give the job `pull-requests: read`, or run it again.',
        });
      }
    },
  };
}

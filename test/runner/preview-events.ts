import { fileURLToPath } from 'node:url';
import type { GitHubServer } from './github-server.ts';
import { type JobOptions, type JobResult, runJob, stepOf, use } from './job.ts';

const action = fileURLToPath(new URL('../../preview', import.meta.url));

/** Heads of pull requests, one after the other. */
export const heads = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

export interface Happening extends Omit<JobOptions, 'steps' | 'github' | 'event'> {
  /** Of `pull_request`; the name of another event without it. */
  readonly action: string;
  readonly event?: string;
  /** Of the pull request; as GitHub has it then. */
  readonly number?: number;
  readonly with?: Readonly<Record<string, string>>;
}

/** What a job of the server's repository does when something happens. */
export function happen(github: GitHubServer, happening: Happening): Promise<JobResult> {
  const { action: what, event = 'pull_request', number = 7, with: given, ...job } = happening;
  const inputs = {
    ...{ 'compose-files': 'preview.compose.yaml', services: 'redis', expose: 'web:8080' },
    token: github.token,
  };
  const payload = event === 'pull_request' ? { action: what, pull_request: shown(github, number) } : {};
  return runJob({
    ...job,
    github: { event_name: event, api_url: github.url, repository: github.name },
    event: payload,
    steps: [use({ id: 'preview', action, with: { ...inputs, ...given } })],
  });
}

function shown({ name, pullRequests }: GitHubServer, number: number): object {
  const pull = pullRequests.get(number);
  const head = { sha: pull?.head, repo: pull?.from === undefined ? null : { full_name: pull.from } };
  return { number, state: pull?.state, head, base: { repo: { full_name: name } } };
}

export function outputOf(job: JobResult, name: string): string {
  return stepOf(job, 'preview').outputs[name] ?? '';
}

/** The states that the deployments of a pull request have gone through, the oldest first. */
export function statesOf({ deployments }: GitHubServer): readonly string[] {
  return deployments.flatMap(({ statuses }) => statuses.map(({ state }) => state));
}

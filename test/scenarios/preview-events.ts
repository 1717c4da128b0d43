import { createServer } from 'node:http';
import { join } from 'node:path';
import { type JobOptions, type JobResult, runJob, stepOf, use } from '../runner/job.ts';
import { repository } from './caller-stack.ts';

/** A pull request as GitHub has it now. */
export interface Pull {
  open: boolean;
  head: string;
  fork?: boolean;
  /** Every time GitHub is asked about it. */
  asked?: () => void;
}

export const commits = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

/** A GitHub that knows these pull requests of `octo/shop`. */
export async function githubOf(
  pulls: Record<number, Pull>,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const number = Number(/^\/repos\/octo\/shop\/pulls\/(\d+)$/.exec(request.url ?? '')?.[1]);
    const pull = pulls[number];
    pull?.asked?.();
    response.writeHead(pull === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(pull === undefined ? { message: 'Not Found' } : shown(number, pull)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

function shown(number: number, { open, head, fork }: Pull): object {
  const from = fork === true ? 'mallory/shop' : 'octo/shop';
  return {
    number,
    state: open ? 'open' : 'closed',
    head: { sha: head, repo: { full_name: from } },
    base: { repo: { full_name: 'octo/shop' } },
  };
}

export interface Happening extends Omit<JobOptions, 'steps' | 'github' | 'event'> {
  readonly api: string;
  readonly number: number;
  readonly pull: Pull;
  readonly action: string;
  readonly event?: string;
  readonly repository?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** What a job of `octo/shop` does when something happens to a pull request. */
export function happen(happening: Happening): Promise<JobResult> {
  const { api, number, pull, action, event = 'pull_request', with: given, ...job } = happening;
  const inputs = {
    'compose-files': 'preview.compose.yaml',
    services: 'redis',
    expose: 'web:8080',
    token: 'x',
  };
  const payload = event.startsWith('pull_request') ? { action, pull_request: shown(number, pull) } : {};
  return runJob({
    ...job,
    github: { event_name: event, api_url: api, repository: happening.repository ?? 'octo/shop' },
    event: payload,
    steps: [use({ id: 'preview', action: join(repository, 'preview'), with: { ...inputs, ...given } })],
  });
}

export function outputOf(job: JobResult, name: string): string {
  return stepOf(job, 'preview').outputs[name] ?? '';
}

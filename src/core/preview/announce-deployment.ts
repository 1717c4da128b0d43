import { asObject } from '../json.ts';
import { plain } from '../markdown.ts';
import { isWebAddress } from './announce-comment.ts';
import type { Subject } from './announce-subject.ts';
import type { PreviewState } from './state.ts';

/** A deployment of the repository, as far as previews look at one. */
export interface Deployment {
  readonly id: number;
  readonly commit: string;
  /** What its maker has put there. */
  readonly payload: unknown;
}

/** What a deployment is made of. */
export interface NewDeployment {
  readonly commit: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: Readonly<Record<string, string | number>>;
}

export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'inactive';

export interface DeploymentStatus {
  readonly state: DeploymentState;
  readonly description: string;
  readonly logUrl: string;
  /** Where the preview is. */
  readonly environmentUrl?: string;
}

const maker = 'paklog/infra-action/preview';

export function newDeployment({ commit, environment, number }: Subject): NewDeployment {
  return {
    commit,
    environment,
    description: `Preview of pull request #${number}`,
    payload: { maker, pull_request: number },
  };
}

/** The deployments of this pull request's previews, the newest first: others may use the same environment. */
export function ownDeployments(
  deployments: readonly Deployment[],
  { number }: Subject,
): readonly Deployment[] {
  const own = deployments.filter(({ payload }) => {
    const given = asObject(payload);
    return given?.['maker'] === maker && given['pull_request'] === number;
  });
  return own.toSorted((a, b) => b.id - a.id);
}

export function deploymentStatus(state: PreviewState, { runUrl }: Subject): DeploymentStatus {
  switch (state.kind) {
    case 'building':
      return { state: 'in_progress', description: 'The preview is being built', logUrl: runUrl };
    case 'ready':
      return {
        state: 'success',
        description: `The preview stays until ${state.expires}`,
        logUrl: runUrl,
        ...environmentUrl(state.urls[0]?.url),
      };
    case 'failed':
      return { state: 'failure', description: shortened(state.title), logUrl: runUrl };
    case 'closed':
      return { state: 'inactive', description: because[state.because], logUrl: runUrl };
  }
}

/** For the deployment of an older commit, in whose place another one has come. */
export function replacedStatus({ runUrl }: Subject): DeploymentStatus {
  return { state: 'inactive', description: 'A newer commit has taken its place', logUrl: runUrl };
}

const because = {
  closed: 'The preview was taken down: the pull request is closed',
  expired: 'The preview was taken down: its time is over',
} as const;

/** GitHub refuses others. */
function environmentUrl(url: string | undefined): { readonly environmentUrl?: string } {
  return url !== undefined && isWebAddress(url) ? { environmentUrl: url } : {};
}

/** GitHub's limit is 140 characters. */
function shortened(title: string): string {
  return plain(title, 140);
}

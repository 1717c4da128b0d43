import { UserError } from '../../src/core/errors.ts';
import type { Deployment } from '../../src/core/preview/deployment.ts';
import { door } from '../../src/core/preview/deployment.ts';
import { urlOf } from '../../src/core/preview/exposure.ts';
import { labelsOf } from '../../src/core/preview/identity.ts';
import { parsePreviewInputs } from '../../src/core/preview/inputs.ts';
import type { PullRequest } from '../../src/core/preview/pull-request.ts';
import type { Place, Standing } from '../../src/preview/place.ts';
import type { Session } from '../../src/preview/session.ts';
import { redacting } from '../../src/redacting.ts';
import { newRun } from '../../src/run.ts';
import type { Scene, Seen } from './scene.ts';
import { fakeWorld } from './world.ts';

export interface PreviewScene extends Pick<Scene, 'pullRequests' | 'standing'> {
  /** What GitHub says of the pull request once the preview is up. */
  readonly later?: Partial<PullRequest>;
  readonly event?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Why the place does not bring it up. */
  readonly refuses?: string;
  /** What the place leaves of a project. */
  readonly left?: Readonly<Record<string, string>>;
}

export interface Staged {
  readonly session: Session;
  readonly place: Place;
  readonly seen: Seen;
  /** What was done with GitHub and the place, in order. */
  steps(): readonly string[];
  launched(): Deployment | undefined;
}

const compose = 'services: { web: { image: "web:1" } }';

/** A run for pull request 7 of octo/shop, at a place that only remembers. */
export async function stagePreview(scene: PreviewScene): Promise<Staged> {
  const { world, seen, artifacts } = fakeWorld({
    ...scene,
    inputs: {},
    files: { '/w/preview.yaml': compose },
  });
  let launched: Deployment | undefined;
  const { github } = world;
  const asked = async (number: number) => {
    const now = await github.pullRequest(number);
    return launched === undefined ? now : { ...now, ...scene.later };
  };
  const show = await redacting({ ...world, github: { ...github, pullRequest: asked } });
  const { inputs } = parsePreviewInputs({
    'compose-files': 'preview.yaml',
    expose: 'web:8080',
    ...scene.inputs,
  });
  const head = 'a'.repeat(40);
  const trigger = {
    event: scene.event ?? 'pull_request',
    action: 'opened',
    number: 7,
    head,
    open: true,
    fork: false,
  };
  const request = {
    ...{ inputs, trigger, task: { kind: 'reap' } as const, repository: 'octo/shop', runUrl: 'run' },
    ...{ stackFiles: [], stackServices: [], ownFiles: ['/w/preview.yaml'] },
  };
  const place = remembering(scene, seen, (deployment) => {
    launched = deployment;
  });
  const cancelled = new AbortController().signal;
  return {
    session: { request, run: newRun(world), show, artifacts, cancelled },
    ...{ place, seen, launched: () => launched },
    steps: () => seen.effects.filter((effect) => /^(ask|launch|take|status)/.test(effect)),
  };
}

function remembering(scene: PreviewScene, seen: Seen, onLaunch: (deployment: Deployment) => void): Place {
  return {
    standing: async (labels) => {
      const all = scene.standing ?? [];
      const has = ({ project, mark }: (typeof all)[number]) =>
        labels.every((label) =>
          Object.entries(labelsOf(mark, project)).some((pair) => pair.join('=') === label),
        );
      return all.filter(has).map(({ project, mark }): Standing => ({ project, marks: [mark] }));
    },
    taken: async () => [],
    check: async () => {},
    launch: async ({ deployment }) => {
      seen.effects.push(`launch ${deployment.project}`);
      onLaunch(deployment);
      if (scene.refuses !== undefined)
        throw new UserError({ code: 'SERVICE_EXITED', what: scene.refuses, why: 'It did.', advice: 'Look.' });
    },
    urls: async (deployment) =>
      deployment.exposures.map((at) => urlOf(at, deployment, deployment.ports.get(door(at)))),
    takeDown: async (project) => {
      seen.effects.push(`take down ${project}`);
      return scene.left?.[project] ?? '';
    },
  };
}

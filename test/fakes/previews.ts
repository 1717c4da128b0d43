import { UserError } from '../../src/core/errors.ts';
import { labelsOf } from '../../src/core/preview/identity.ts';
import type { GitHub } from '../../src/io/github.ts';
import type { World } from '../../src/world.ts';
import { fine } from './command.ts';
import type { Scene, Seen } from './scene.ts';

/** GitHub, the files of the checkout, and what an engine knows of previews. */
export function fakePreviews(
  scene: Scene,
  seen: Seen,
): Pick<World, 'previews' | 'swarm' | 'sources' | 'github'> {
  const standing = [...(scene.standing ?? [])];
  return {
    previews: {
      labelled: async (kind, labels) =>
        standing.flatMap(({ project, mark }) => {
          const own = labelsOf(mark, project);
          const has = labels.every((label) => Object.entries(own).some((pair) => pair.join('=') === label));
          return kind === 'container' && has ? [{ kind, id: project, labels: own }] : [];
        }),
      publishedPorts: async () => [],
      keepRunning: async () => {},
      unguarded: async () => [],
      address: async () => 'unix:///var/run/docker.sock',
      networks: async () => [],
      removeImages: async () => fine,
      looseVolumes: async () => [],
      removeVolumes: async () => fine,
    },
    swarm: {
      state: async () => ({ active: false, manages: false, nodes: 0 }),
      deploy: async () => fine,
      remove: async () => fine,
      services: async () => [],
      tasks: async () => [],
      nodeAddress: async () => '',
      logs: async () => '',
      removeUnused: async () => {},
    },
    sources: { read: async () => 'there is no such file here' },
    github: fakeGitHub(scene, seen),
  };
}

function fakeGitHub(scene: Scene, seen: Seen): GitHub {
  return {
    pullRequest: async (number) => {
      seen.effects.push(`ask ${number}`);
      const known = scene.pullRequests?.[number];
      if (known === undefined) throw refused(`pull request ${number}`);
      return { number, open: true, head: 'a'.repeat(40), fork: false, ...known };
    },
    self: async () => 'bot',
    comments: async () => [],
    createComment: async (number, body) => {
      seen.effects.push(`comment ${number}: ${body.split('\n').find((line) => /^#|\*\*/.test(line)) ?? ''}`);
      return 1;
    },
    updateComment: async () => {},
    deleteComment: async () => {},
    deployments: async () => [],
    createDeployment: async ({ environment }) => {
      seen.effects.push(`deployment ${environment}`);
      return 1;
    },
    deploymentState: async () => undefined,
    setDeploymentStatus: async (_id, { state }) => void seen.effects.push(`status ${state}`),
  };
}

function refused(about: string): UserError {
  const why = 'It is not there.';
  return new UserError({ code: 'GITHUB_REFUSED', what: `GitHub says nothing of ${about}.`, why, advice: '' });
}

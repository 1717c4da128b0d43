import { actionMain } from './action-launch.ts';
import type { Launch } from './launch.ts';
import { writeOriginal } from './original.ts';
import { composeEnv, project, root, type Stack } from './stack.ts';

/** One way to bring systems up. */
export interface Arm {
  readonly name: string;
  /** What it is, in a line of the table. */
  readonly title: string;
  readonly services: readonly string[];
  /** The command's own verdict does not count: `--wait` gives up on a check that is late. */
  readonly mayFail: boolean;
  /** Writes what the command needs into the run's folder, before the clock starts. */
  readonly prepare: (folder: string) => Promise<Launch>;
  /** Throws when the command worked, but not in the way that is to be measured: the run is void. */
  readonly proof?: (folder: string) => Promise<void>;
  /** What the job runs at its end. */
  readonly post?: (folder: string) => Promise<Launch>;
}

/** The systems that wait longest for others, and come up last. */
const chain = ['zookeeper', 'pinot-controller', 'pinot-broker', 'pinot-server'];

export function arms(stack: Stack): {
  readonly ours: Arm;
  readonly compose: Arm;
  readonly original: Arm;
  readonly chain: Arm;
} {
  const services = [...stack.model.services.keys()];
  return {
    ours: {
      name: 'ours',
      title: 'the built action',
      services,
      mayFail: false,
      prepare: (folder) => actionMain(root, folder, { services: 'all' }),
    },
    compose: {
      name: 'compose',
      title: 'docker compose up -d --wait, same file',
      services,
      mayFail: false,
      prepare: async () => composeUp(stack.file),
    },
    original: {
      name: 'original',
      title: 'the same with the original settings',
      services,
      mayFail: true,
      prepare: async (folder) => composeUp(await writeOriginal(stack, folder)),
    },
    chain: {
      name: 'chain',
      title: `the built action, only ${chain.join(', ')}`,
      services: chain,
      mayFail: false,
      prepare: (folder) => actionMain(root, folder, { services: chain.join() }),
    },
  };
}

export function composeUp(file: string): Launch {
  return {
    command: ['docker', 'compose', '--project-name', project, '--file', file, 'up', '--detach', '--wait'],
    env: composeEnv,
  };
}

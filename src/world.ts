import { runCommand } from './io/command.ts';
import { type Compose, composeCli } from './io/compose.ts';
import { type Docker, dockerCli } from './io/docker.ts';
import { type Machine, machine } from './io/machine.ts';
import { portOwner } from './io/port-owner.ts';
import { type Probes, probes } from './io/probes.ts';
import { githubRunner, type Runner } from './io/runner.ts';

/** Everything outside this process that the sequences touch. */
export interface World {
  readonly runner: Runner;
  readonly docker: Docker;
  readonly compose: Compose;
  readonly probes: Probes;
  readonly machine: Machine;
  /** The folder of the stack's own Compose file. */
  readonly stack: string;
}

export function realWorld(stack: string): World {
  return {
    runner: githubRunner(),
    docker: dockerCli(runCommand),
    compose: composeCli(runCommand),
    probes,
    machine: { ...machine, portOwner },
    stack,
  };
}

import { explain } from '../core/causes/explain.ts';
import type { Command, CommandResult } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { asArray, asObject, asString, type Json } from '../core/json.ts';

/** How an engine takes part in a Swarm. */
export interface SwarmState {
  readonly active: boolean;
  readonly manages: boolean;
  readonly nodes: number;
}

/** `docker stack` and what belongs to it, asked of a manager. */
export interface Swarm {
  /** @throws UserError */
  state(): Promise<SwarmState>;
  deploy(stack: string, file: string, signal: AbortSignal): Promise<CommandResult>;
  /** Removes a stack, and waits until its tasks have ended where the client can. */
  remove(stack: string): Promise<CommandResult>;
  /** The services of a stack, or of all, as the API has them. @throws UserError */
  services(stack?: string): Promise<readonly Json[]>;
  /** The tasks of a stack, also those of earlier days that Swarm still knows. */
  tasks(stack: string): Promise<readonly Json[]>;
  /** The address that a node has for the others. */
  nodeAddress(id: string): Promise<string>;
  /** The last lines of the logs of all tasks of a service. */
  logs(service: string, lines: number): Promise<string>;
  /** Removes configs or secrets one by one: those that are in use stay. */
  removeUnused(kind: 'config' | 'secret', ids: readonly string[]): Promise<void>;
}

/** Milliseconds. */
const quick = 30_000;
const deployTime = 180_000;

const namespace = 'com.docker.stack.namespace';

export function swarmCli(run: Command): Swarm {
  const docker = (args: readonly string[], timeout = quick) => run(['docker', ...args], { timeout });
  const words = ({ stdout }: CommandResult) => stdout.split('\n').filter((line) => line !== '');
  const ask = async (args: readonly string[]) => {
    const result = await docker(args);
    if (result.exitCode !== 0) throw new UserError(explain(result));
    return result;
  };
  const inspect = async (type: 'service' | 'task', ids: readonly string[]): Promise<readonly Json[]> => {
    if (ids.length === 0) return [];
    // What is gone meanwhile makes the command fail, and the others are told all the same.
    const told = await docker(['inspect', '--type', type, '--format', '{{json .}}', ...ids]);
    return words(told).map((line) => asObject(JSON.parse(line)) ?? {});
  };
  return {
    state: async () => readState((await ask(['info', '--format', '{{json .Swarm}}'])).stdout),
    deploy: (stack, file, signal) => {
      const how = ['--prune', '--with-registry-auth', '--resolve-image', 'changed', '--detach=true'];
      const argv = ['docker', 'stack', 'deploy', ...how, '--compose-file', file, stack] as const;
      return run(argv, { timeout: deployTime, signal });
    },
    remove: async (stack) => {
      // Clients before 27 do not know how to wait for the tasks.
      const waited = await docker(['stack', 'rm', '--detach=false', stack], deployTime);
      return /unknown flag/.test(waited.stderr) ? docker(['stack', 'rm', stack], deployTime) : waited;
    },
    services: async (stack) => {
      const one = stack === undefined ? [] : ['--filter', `label=${namespace}=${stack}`];
      return inspect('service', words(await ask(['service', 'ls', '--quiet', ...one])));
    },
    tasks: async (stack) =>
      inspect('task', words(await docker(['stack', 'ps', '--quiet', '--no-trunc', stack]))),
    nodeAddress: async (id) =>
      (await docker(['node', 'inspect', '--format', '{{.Status.Addr}}', id])).stdout.trim(),
    logs: async (service, lines) => {
      const how = ['--raw', '--no-trunc', '--tail', String(lines)];
      const { stdout, stderr } = await docker(['service', 'logs', ...how, service]);
      return `${stdout}${stderr}`;
    },
    removeUnused: async (kind, ids) => {
      await Promise.all(ids.map((id) => docker([kind, 'rm', id])));
    },
  };
}

function readState(text: string): SwarmState {
  const json = asObject(JSON.parse(text)) ?? {};
  return {
    active: json['LocalNodeState'] === 'active',
    manages: json['ControlAvailable'] === true,
    nodes: Number(asString(json['Nodes']) ?? asArray(json['RemoteManagers']).length),
  };
}

import { asArray, asObject, asString, type Json } from '../json.ts';
import { judgeState, type Verdict } from '../readiness.ts';

/** A task of a service: one attempt to run it somewhere. */
export interface TaskView {
  readonly id: string;
  /** Without the stack's name. */
  readonly service: string;
  /** Swarm's word: new, pending, assigned, preparing, starting, running, complete, failed, rejected, shutdown, … */
  readonly state: string;
  /** It is meant to run, or to have run to its end. */
  readonly wanted: boolean;
  /** It runs what its service says now. */
  readonly current: boolean;
  readonly exitCode: number;
  readonly error: string;
  readonly node: string;
}

/** A service of a stack. */
export interface StackService {
  readonly name: string;
  /** Tasks that have to run, or to end; `global`: one on every node. */
  readonly wanted: number | 'global';
  readonly job: boolean;
}

/** Reads services as the API has them. */
export function readServices(services: readonly Json[], stack: string): readonly StackService[] {
  return services.map((json) => {
    const spec = asObject(json['Spec']) ?? {};
    const mode = asObject(spec['Mode']) ?? {};
    const replicated = asObject(mode['Replicated']);
    const job = asObject(mode['ReplicatedJob']);
    const count = asString(replicated?.['Replicas'] ?? job?.['TotalCompletions'] ?? 1);
    const all = mode['Global'] !== undefined || mode['GlobalJob'] !== undefined;
    const name = (asString(spec['Name']) ?? '').slice(stack.length + 1);
    return {
      name,
      wanted: all ? 'global' : Number(count),
      job: job !== undefined || mode['GlobalJob'] !== undefined,
    };
  });
}

/** What of a container's description is compared: Swarm fills defaults in for a service, and not for its tasks. */
const compared = [
  'Image',
  'Command',
  'Args',
  'Env',
  'Labels',
  'Mounts',
  'Configs',
  'Secrets',
  'Healthcheck',
  'User',
];

/** Reads tasks as the API has them. */
export function readTasks(
  services: readonly Json[],
  tasks: readonly Json[],
  stack: string,
): readonly TaskView[] {
  return tasks.flatMap((task) => {
    const service = services.find(({ ID }) => ID === task['ServiceID']);
    if (service === undefined) return [];
    const spec = asObject(service['Spec']) ?? {};
    const status = asObject(task['Status']) ?? {};
    const wanted = asObject(asObject(spec['TaskTemplate'])?.['ContainerSpec']) ?? {};
    const own = asObject(asObject(task['Spec'])?.['ContainerSpec']) ?? {};
    return [
      {
        id: asString(task['ID']) ?? '',
        service: (asString(spec['Name']) ?? '').slice(stack.length + 1),
        state: asString(status['State']) ?? '',
        wanted: task['DesiredState'] === 'running' || task['DesiredState'] === 'complete',
        current: compared.every((key) => JSON.stringify(own[key]) === JSON.stringify(wanted[key])),
        exitCode: Number(asString(asObject(status['ContainerStatus'])?.['ExitCode']) ?? 0),
        error: asString(status['Err']) ?? '',
        node: asString(task['NodeID']) ?? '',
      },
    ];
  });
}

/** Judges every service of a stack by its tasks. `forgiven` are tasks whose end does not count. */
export function judgeStack(
  services: readonly StackService[],
  tasks: readonly TaskView[],
  forgiven: ReadonlySet<string>,
): ReadonlyMap<string, Verdict> {
  return new Map(services.map((service) => [service.name, judgeService(service, tasks, forgiven)]));
}

function judgeService(
  { name, wanted, job }: StackService,
  tasks: readonly TaskView[],
  forgiven: ReadonlySet<string>,
): Verdict {
  const own = tasks.filter(({ service, current }) => service === name && current);
  const failed = own.find((task) => hasFailed(task) && !forgiven.has(task.id));
  if (failed !== undefined) return failure(failed);
  const asked = own.filter((each) => each.wanted);
  const enough = wanted === 'global' ? Math.max(1, asked.length) : wanted;
  const done = own.filter(({ state }) => state === (job ? 'complete' : 'running'));
  if (done.length < enough) return { kind: 'waiting' };
  return { kind: job ? 'completed' : 'works' };
}

export function hasFailed({ state }: TaskView): boolean {
  return state === 'failed' || state === 'rejected';
}

function failure({ service, state, exitCode, error }: TaskView): Verdict {
  if (state === 'rejected')
    return {
      kind: 'failed',
      failure: {
        code: 'SERVICE_EXITED',
        system: service,
        what: `A node of the Swarm could not run ${service}.`,
        why: error === '' ? 'It did not say why.' : `It says: ${error}`,
        advice: 'An image that only one node has must be in a registry that all nodes can pull from.',
      },
    };
  const unhealthy = /unhealthy/i.test(error);
  const seen = { id: '', service, status: unhealthy ? 'running' : 'exited', exitCode, restarts: 0 };
  const oomKilled = /oom/i.test(error);
  return judgeState({ ...seen, oomKilled, ...(unhealthy ? { health: 'unhealthy' } : {}) }, 'healthcheck');
}

/** What a service waits for, in the words of Swarm. */
export function waitsFor(service: string, tasks: readonly TaskView[]): string {
  const open = tasks.filter((each) => each.service === service && each.wanted && each.state !== 'running');
  const [task] = open;
  return task === undefined ? '' : [task.state, task.error].filter((text) => text !== '').join(': ');
}

/** The ports of services: on every node where they are published by the mesh, on that of the task where not. */
export function stackPorts(services: readonly Json[]): readonly {
  readonly project: string;
  readonly service: string;
  readonly target: number;
  readonly port: number;
}[] {
  return services.flatMap((json) => {
    const spec = asObject(json['Spec']) ?? {};
    const project = asString(asObject(spec['Labels'])?.['com.docker.stack.namespace']) ?? '';
    const service = (asString(spec['Name']) ?? '').slice(project === '' ? 0 : project.length + 1);
    const ports = asArray(asObject(json['Endpoint'])?.['Ports']);
    return ports.map((each) => {
      const { TargetPort, PublishedPort } = asObject(each) ?? {};
      return { project, service, target: Number(TargetPort), port: Number(PublishedPort) };
    });
  });
}

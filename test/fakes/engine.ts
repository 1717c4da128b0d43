import { asArray, asObject, asString, entries, type Json } from '../../src/core/json.ts';
import type { LeftoverKind } from '../../src/io/docker.ts';
import type { Clock } from './clock.ts';
import type { Behaviour, Leftover, Scene } from './scene.ts';

interface Container {
  readonly id: string;
  readonly service: string;
  readonly ports: readonly { readonly host: string; readonly port: number }[];
  startedAt?: number;
}

/** The state of an engine, as far as the action can see or change it. */
export interface Engine {
  create(project: string, model: Json, services: readonly string[]): void;
  start(id: string): string | undefined;
  containers(): readonly Container[];
  /** What a probe of the published port hears; undefined where it passes. */
  answer(host: string, port: number): string | undefined;
  inspect(id: string): Json | undefined;
  listen(onEvent: (id: string) => void, signal: AbortSignal): void;
  labelled(kind: LeftoverKind): readonly string[];
  remove(kind: LeftoverKind, ids: readonly string[], byCompose: boolean): void;
}

export function fakeEngine(scene: Scene, clock: Clock): Engine {
  const containers = new Map<string, Container>();
  const resources = new Map<string, Leftover>();
  const listeners = new Set<(id: string) => void>();
  const behaviour = (service: string): Behaviour => scene.services?.[service] ?? { answersAfter: 0 };
  const keep = (leftover: Leftover) => resources.set(`${leftover.kind} ${leftover.id}`, leftover);
  for (const leftover of scene.leftovers ?? []) keep(leftover);
  const tell = async (id: string, after: number, times: number) => {
    for (let time = 0; time < times; time += 1) {
      await clock.sleep(after);
      for (const listener of listeners) listener(id);
    }
  };
  return {
    create: (project, model, services) => {
      keep({ kind: 'network', id: `${project}_default` });
      for (const service of services) {
        const container = newContainer(project, service, model);
        containers.set(container.id, container);
        keep({ kind: 'container', id: container.id });
      }
    },
    start: (id) => {
      const container = containers.get(id);
      if (container === undefined) return `Error response from daemon: No such container: ${id}`;
      const { refusesStart, exits, restarts } = behaviour(container.service);
      if (refusesStart !== undefined) return refusesStart;
      container.startedAt = clock.now();
      if (exits !== undefined && scene.deaf !== true) void tell(id, exits.after, restarts === true ? 5 : 1);
      return undefined;
    },
    containers: () => [...containers.values()],
    answer: (host, port) => {
      const found = [...containers.values()].find(({ ports }) =>
        ports.some((each) => each.port === port && (each.host === host || each.host === '0.0.0.0')),
      );
      if (found === undefined || look(found, behaviour(found.service), clock.now()).status !== 'running')
        return 'ECONNREFUSED';
      const { answersAfter = Infinity, says = 'the connection was closed' } = behaviour(found.service);
      return clock.now() - (found.startedAt ?? 0) >= answersAfter ? undefined : says;
    },
    inspect: (id) => {
      const found = containers.get(id);
      return found && { id, service: found.service, ...look(found, behaviour(found.service), clock.now()) };
    },
    listen: (onEvent, signal) => {
      listeners.add(onEvent);
      signal.addEventListener('abort', () => listeners.delete(onEvent), { once: true });
    },
    labelled: (kind) => [...resources.values()].flatMap((each) => (each.kind === kind ? [each.id] : [])),
    remove: (kind, ids, byCompose) => {
      for (const id of ids) {
        const { clings, stuck } = resources.get(`${kind} ${id}`) ?? {};
        if (stuck === true || (byCompose && clings === true)) continue;
        resources.delete(`${kind} ${id}`);
        containers.delete(id);
      }
    },
  };
}

function newContainer(project: string, service: string, model: Json): Container {
  const json = asObject(asObject(model['services'])?.[service]) ?? {};
  const ports = asArray(json['ports']).map((port) => ({
    host: asString(asObject(port)?.['host_ip']) ?? '',
    port: Number(asObject(port)?.['published']),
  }));
  return { id: `${project}-${service}`, service, ports };
}

/** What `docker inspect` would say now. */
function look({ startedAt }: Container, behaviour: Behaviour, now: number) {
  const { exits, restarts, health, answersAfter = Infinity } = behaviour;
  const none = { status: 'created', exitCode: 0, oomKilled: false, restarts: 0, health: null };
  if (startedAt === undefined) return none;
  const age = now - startedAt;
  if (exits !== undefined && age >= exits.after) {
    const ended = { ...none, exitCode: exits.code, oomKilled: exits.oom === true };
    if (restarts !== true) return { ...ended, status: 'exited' };
    return { ...ended, status: 'restarting', restarts: Math.floor(age / exits.after) };
  }
  const said = health !== undefined && age < answersAfter ? 'starting' : (health ?? null);
  return { ...none, status: 'running', health: said };
}

/** What Compose would make of these files: one model, with services merged by name. */
export function mergeModels(models: readonly Json[]): Json {
  const merge = (key: string) => {
    const merged = new Map<string, unknown>();
    for (const [name, value] of models.flatMap((model) => entries(model[key]))) {
      const [before, after] = [asObject(merged.get(name)), asObject(value)];
      merged.set(name, before !== undefined && after !== undefined ? { ...before, ...after } : value);
    }
    return Object.fromEntries(merged);
  };
  const catalogues = models.map((model) => asObject(model['x-paklog']) ?? {});
  return {
    services: merge('services'),
    networks: merge('networks'),
    volumes: merge('volumes'),
    'x-paklog': {
      systems: Object.assign({}, ...catalogues.map((each) => each['systems'] ?? {})),
      inputs: Object.assign({}, ...catalogues.map((each) => each['inputs'] ?? {})),
    },
  };
}

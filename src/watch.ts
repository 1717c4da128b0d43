import { asObject, asString, type Json } from './core/json.ts';
import type { SystemPlan } from './core/plan.ts';
import { judgeState, type Observation, type Verdict, worst } from './core/readiness.ts';
import type { World } from './world.ts';

/** The containers of a project as last seen; looked at again after every event that could matter. */
export interface Watch {
  /** Learns the containers that exist now. */
  discover(): Promise<void>;
  ids(service: string): readonly string[];
  verdict(system: SystemPlan): Verdict;
  /** Looks at once, whatever the events say. */
  look(): Promise<void>;
}

/** Events tell of exits; this often they are not trusted to have come through. Milliseconds. */
const distrust = 10_000;

export function watchProject(project: string, world: World, signal: AbortSignal): Watch {
  const services = new Map<string, string>();
  let seen: readonly Observation[] = [];
  const look = async () => {
    const ids = [...services.keys()];
    if (ids.length === 0) return;
    const { stdout, exitCode } = await world.docker.inspect(ids);
    // An engine that does not answer for once has not changed what was seen; a container that is gone is only left out.
    if (exitCode !== undefined && stdout !== '') seen = stdout.split('\n').flatMap(readObservation);
  };
  const again = coalesce(look);
  void world.docker.events(project, again, signal);
  void heartbeat(look, world, signal);
  const ids = (service: string) => [...services].flatMap(([id, name]) => (name === service ? [id] : []));
  return {
    look,
    ids,
    discover: async () => {
      for (const { id, service } of await world.docker.containers(project)) services.set(id, service);
    },
    verdict: ({ service, judge }) =>
      worst(seen.filter((each) => each.service === service).map((each) => judgeState(each, judge))),
  };
}

/** Many events at once make one look, and one more for those that came during it. */
function coalesce(action: () => Promise<void>): () => void {
  let running = false;
  let dirty = false;
  const run = async () => {
    running = true;
    do {
      dirty = false;
      await action();
    } while (dirty);
    running = false;
  };
  return () => {
    dirty = true;
    if (!running) void run();
  };
}

async function heartbeat(look: () => Promise<void>, world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await world.machine.sleep(distrust, signal);
    if (!signal.aborted) await look();
  }
}

export function readObservation(line: string): readonly Observation[] {
  if (line.trim() === '') return [];
  const json: Json = asObject(JSON.parse(line)) ?? {};
  const health = asString(json['health']);
  return [
    {
      id: asString(json['id']) ?? '',
      service: asString(json['service']) ?? '',
      status: asString(json['status']) ?? '',
      exitCode: Number(json['exitCode']),
      oomKilled: json['oomKilled'] === true,
      restarts: Number(json['restarts']),
      ...(health === undefined ? {} : { health }),
    },
  ];
}

import { explain } from '../core/causes/explain.ts';
import type { CommandResult } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { asObject, type Json } from '../core/json.ts';
import { endsByItself } from '../core/preview/stack-file.ts';
import { judgeState, notReady, type Observation, type Verdict, worst } from '../core/readiness.ts';
import { readObservation } from '../watch.ts';
import type { World } from '../world.ts';

/** Between two looks. Milliseconds. */
const rhythm = 500;

/** What nothing but running speaks for has to do it this long. Milliseconds. */
const settled = 1500;

export interface Bringing {
  readonly project: string;
  readonly rendered: Json;
  /** Ends when the engine has been told everything. */
  readonly done: Promise<CommandResult>;
  readonly signal: AbortSignal;
  /** Milliseconds, for the message. */
  readonly timeout: number;
}

/** Containers of a project as they are now. */
export async function observe(project: string, { docker }: World): Promise<readonly Observation[]> {
  const ids = (await docker.containers(project)).map(({ id }) => id);
  if (ids.length === 0) return [];
  return (await docker.inspect(ids)).stdout.split('\n').flatMap(readObservation);
}

/**
 * Watches a project while it is brought up: the first container that fails ends everything at once, whatever Compose still waits
 * for. `before` is what was there already: as long as Compose works, those end because they are replaced.
 * @throws UserError
 */
export async function untilWorks(
  bringing: Bringing,
  before: readonly Observation[],
  world: World,
): Promise<void> {
  const services = Object.keys(asObject(bringing.rendered['services']) ?? {});
  let result: CommandResult | undefined;
  void bringing.done.then((ended) => {
    result = ended;
  });
  let since = 0;
  for (;;) {
    const ended = result;
    const seen = await observe(bringing.project, world);
    const relevant = ended === undefined ? newcomers(seen, before) : seen;
    const judged = judge(relevant, before, bringing.rendered);
    for (const verdict of judged.values())
      if (verdict.kind === 'failed') throw new UserError(verdict.failure);
    if (ended !== undefined && ended.exitCode !== 0 && !bringing.signal.aborted)
      throw new UserError(explain(ended));
    const open = services.filter((name) => !['works', 'completed'].includes(judged.get(name)?.kind ?? ''));
    if (bringing.signal.aborted) throw late(open[0] ?? services[0] ?? '', bringing);
    const now = world.machine.now();
    since = ended !== undefined && open.length === 0 ? since || now : 0;
    if (since > 0 && now - since >= settled) return;
    await world.machine.sleep(rhythm, bringing.signal);
  }
}

function late(service: string, { timeout }: Bringing): UserError {
  return new UserError(notReady(service, Math.round(timeout / 1000), ''));
}

function newcomers(seen: readonly Observation[], before: readonly Observation[]): readonly Observation[] {
  return seen.filter(({ id }) => !before.some((each) => each.id === id));
}

/** The verdict of every service that has a container; restarts of earlier days do not count. */
function judge(
  seen: readonly Observation[],
  before: readonly Observation[],
  model: Json,
): ReadonlyMap<string, Verdict> {
  const judgeOne = (each: Observation) => {
    const earlier = before.find(({ id }) => id === each.id)?.restarts ?? 0;
    return judgeState({ ...each, restarts: Math.max(0, each.restarts - earlier) }, judgeOf(each, model));
  };
  const services = Map.groupBy(seen, ({ service }) => service);
  return new Map([...services].map(([service, all]) => [service, worst(all.map(judgeOne))]));
}

/** A container has a health check by its Compose file or by its image; the engine knows both. */
function judgeOf({ service, health }: Observation, model: Json): 'end' | 'healthcheck' | 'running' {
  if (endsByItself(service, model)) return 'end';
  return health === undefined || health === 'none' ? 'running' : 'healthcheck';
}

import { UserError } from '../core/errors.ts';
import { asObject, type Json } from '../core/json.ts';
import {
  hasFailed,
  judgeStack,
  readServices,
  readTasks,
  type TaskView,
  waitsFor,
} from '../core/preview/tasks.ts';
import { notReady, type Verdict } from '../core/readiness.ts';
import type { World } from '../world.ts';

/** Between two looks, and how long everything has to run. Milliseconds. */
const rhythm = 1000;
const settled = 2000;

export interface Watched {
  readonly project: string;
  readonly rendered: Json;
  readonly signal: AbortSignal;
  /** Milliseconds, for the message. */
  readonly timeout: number;
}

/**
 * Waits until every service of a stack runs what it is to run. Swarm starts all at once, so what ends before all that it
 * depends on works is forgiven, and so is one end after that: it may have begun before. What depends on nothing fails with
 * its first end. `before` are the tasks of earlier days.
 * @throws UserError
 */
export async function untilStackWorks(
  { project, rendered, signal, timeout }: Watched,
  before: ReadonlySet<string>,
  world: World,
): Promise<void> {
  const forgiven = new Set(before);
  const pardoned = new Set<string>();
  let since = 0;
  for (;;) {
    const services = await world.swarm.services(project);
    const tasks = readTasks(services, await world.swarm.tasks(project), project);
    const known = readServices(services, project);
    forgive(tasks, judgeStack(known, tasks, allFailed(tasks)), { rendered, forgiven, pardoned });
    const verdicts = judgeStack(known, tasks, forgiven);
    for (const verdict of verdicts.values())
      if (verdict.kind === 'failed') throw new UserError(verdict.failure);
    const open = known.filter(({ name }) => verdicts.get(name)?.kind === 'waiting').map(({ name }) => name);
    const [first = ''] = open;
    if (signal.aborted)
      throw new UserError(notReady(first, Math.round(timeout / 1000), waitsFor(first, tasks)));
    const now = world.machine.now();
    since = open.length === 0 && known.length > 0 ? since || now : 0;
    if (since > 0 && now - since >= settled) return;
    await world.machine.sleep(rhythm, signal);
  }
}

function allFailed(tasks: readonly TaskView[]): ReadonlySet<string> {
  return new Set(tasks.filter(hasFailed).map(({ id }) => id));
}

function forgive(
  tasks: readonly TaskView[],
  verdicts: ReadonlyMap<string, Verdict>,
  { rendered, forgiven, pardoned }: { rendered: Json; forgiven: Set<string>; pardoned: Set<string> },
): void {
  for (const task of tasks) {
    if (!hasFailed(task) || task.state === 'rejected' || forgiven.has(task.id)) continue;
    const needs = dependenciesOf(task.service, rendered);
    const ready = needs.every((name) => ['works', 'completed'].includes(verdicts.get(name)?.kind ?? ''));
    if (ready && (needs.length === 0 || pardoned.has(task.service))) continue;
    forgiven.add(task.id);
    if (ready) pardoned.add(task.service);
  }
}

function dependenciesOf(service: string, rendered: Json): readonly string[] {
  const json = asObject(asObject(rendered['services'])?.[service]);
  return Object.keys(asObject(json?.['depends_on']) ?? {});
}

import { acquirer, type OnPull } from './acquire.ts';
import { explain } from './core/causes/explain.ts';
import type { Reachable } from './core/endpoints.ts';
import { UserError } from './core/errors.ts';
import type { Plan, Pull } from './core/plan.ts';
import { notReady } from './core/readiness.ts';
import { evenOut } from './even-out.ts';
import { standGuard } from './guard.ts';
import { type Brought, beginImages, type ImagesWish } from './images/begin.ts';
import {
  afterMoreUrgent,
  heard,
  type Lane,
  type Lanes,
  pulling,
  reached,
  recordsOf,
  unfinished,
  working,
} from './lanes.ts';
import { attempt } from './probing.ts';
import { showProgress } from './progress.ts';
import { puller } from './pull.ts';
import { runRequests } from './run-requests.ts';
import type { WarmStarts } from './warm-starts.ts';
import { type Watch, watchProject } from './watch.ts';
import type { World } from './world.ts';

export interface Setting {
  readonly plan: Plan;
  /** One for every system of the plan; they tell afterwards how far each came. */
  readonly lanes: Lanes;
  readonly modelFile: string;
  readonly images: ImagesWish;
  /** Hears how the images came, also when the stack does not come up. */
  readonly onImages: (brought: Brought) => Promise<void>;
  readonly endpoints: readonly Reachable[];
  /** The address at which this process reaches published ports. */
  readonly address: string;
  /** CPU weights by service that the model has for the start. */
  readonly weights: ReadonlyMap<string, number>;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  /** The moment the action began, by the machine's clock. */
  readonly began: number;
  readonly cancelled: AbortSignal;
  readonly warm: Pick<WarmStarts, 'settle' | 'arrived'>;
}

/** Between two attempts of a probe. Milliseconds. */
const rhythm = 100;

/** What nothing but running speaks for has to do it this long; a program that fails at its start has ended by then. Milliseconds. */
const settled = 1000;

/**
 * Walks the plan: every system starts as soon as its image is there and what it depends on works.
 * The first failure ends everything; the deadline is the failure of the system that the others wait for.
 * @throws UserError
 */
export async function bringUp(setting: Setting, world: World): Promise<void> {
  const { lanes, plan } = setting;
  const now = () => world.machine.now() - setting.began;
  const failed = new AbortController();
  const done = new AbortController();
  const late = new AbortController();
  void world.machine.sleep(setting.timeout - now(), done.signal).then(() => late.abort());
  const signal = AbortSignal.any([failed.signal, late.signal, setting.cancelled]);
  const watch = watchProject(plan.project, world, AbortSignal.any([signal, done.signal]));
  const limits = { signal, deadline: setting.began + setting.timeout };
  const images = beginImages(plan, setting.images, puller(world, limits), world, signal);
  const get = async (pull: Pull) => (await images).get(pull);
  const onPull: OnPull = ({ services }, moment) => pulling(lanes, services, moment, now());
  const { modelFile, warm } = setting;
  const order = images.then((found) => found.order);
  const acquire = acquirer(plan, modelFile, watch, world, get, signal, onPull, warm, order);
  const run = async (lane: Lane) => {
    try {
      await runLane(lane, lanes, setting, { acquire, watch, world, signal });
    } catch (error) {
      failed.abort(error);
    }
  };
  const ending = AbortSignal.any([signal, done.signal]);
  const shown = order.then(() => showProgress(() => recordsOf(lanes), now, world, ending));
  void standGuard(() => working(lanes), watch, world, ending).then(
    (failure) => failure !== undefined && failed.abort(new UserError(failure)),
  );
  const all = Promise.all([...lanes.values()].map(run));
  await Promise.race([all, aborted(signal)]);
  const ended = signal.aborted;
  if (!ended) await watch.look();
  done.abort();
  await shown;
  await setting.onImages(await (await images).close());
  if (ended) throw reasonOf(failed.signal, late.signal, setting);
  for (const { system } of lanes.values()) {
    const verdict = watch.verdict(system);
    if (verdict.kind === 'failed') throw new UserError(verdict.failure);
  }
  await evenOut(setting.weights, watch, world);
}

interface Means {
  readonly acquire: (service: string) => Promise<void>;
  readonly watch: Watch;
  readonly world: World;
  readonly signal: AbortSignal;
}

async function runLane(lane: Lane, lanes: Lanes, setting: Setting, means: Means): Promise<void> {
  const { system } = lane;
  const { world, watch, signal } = means;
  await Promise.all([
    means.acquire(system.service).then(() => {
      lane.created = true;
    }),
    ...system.after.map((each) => reached(lanes, each.service, each.condition)),
  ]);
  await afterMoreUrgent(lane, lanes);
  await setting.warm.arrived(system.service);
  if (signal.aborted) return;
  const ids = watch.ids(system.service);
  const started = await world.docker.start(ids, signal);
  if (signal.aborted) return;
  if (started.exitCode !== 0)
    throw new UserError(explain(started, { system: system.service, image: system.image }));
  lane.startedAt = world.machine.now() - setting.began;
  lane.started.resolve();
  if (system.judge === 'running') {
    await world.machine.sleep(settled, signal);
    await watch.look();
  }
  await untilWorks(lane, setting, means);
  const { endpoints, address } = setting;
  await runRequests(lane, { lanes, watch, endpoints, address, world, signal });
  if (signal.aborted) return;
  lane.worksAt = world.machine.now() - setting.began;
  lane.works.resolve();
}

async function untilWorks(lane: Lane, setting: Setting, { watch, world, signal }: Means): Promise<void> {
  const { system } = lane;
  const open = [...system.checks];
  while (!signal.aborted) {
    const verdict = watch.verdict(system);
    if (verdict.kind === 'failed') throw new UserError(verdict.failure);
    if (system.judge !== 'probe' && verdict.kind !== 'waiting') return;
    const [check] = open;
    if (check !== undefined) {
      const answer = await attempt(check, setting.endpoints, setting.address, world);
      if (answer === undefined) {
        open.shift();
        if (open.length === 0) return;
        continue;
      }
      heard(lane, world.machine.now() - setting.began, answer);
    }
    await world.machine.sleep(rhythm, signal);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Why everything ended: the first failure, the deadline, or the caller's cancellation. */
function reasonOf(failed: AbortSignal, late: AbortSignal, setting: Setting): unknown {
  if (failed.aborted) return failed.reason;
  if (!late.aborted) return setting.cancelled.reason;
  const [culprit] = unfinished(setting.lanes);
  const answer = culprit?.probes.at(-1)?.answer ?? '';
  return new UserError(notReady(culprit?.system.service ?? '', Math.round(setting.timeout / 1000), answer));
}

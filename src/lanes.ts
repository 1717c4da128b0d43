import type { Failure } from './core/errors.ts';
import type { Condition } from './core/model.ts';
import type { Plan, SystemPlan } from './core/plan.ts';
import type { ImageSource, ProbeChange, Stage, SystemRecord } from './core/record.ts';

/** One system on its way up, and what the others may wait for. Moments are milliseconds from the start of the action. */
export interface Lane {
  readonly system: SystemPlan;
  readonly source: ImageSource;
  readonly urls: readonly string[];
  readonly started: PromiseWithResolvers<void>;
  readonly works: PromiseWithResolvers<void>;
  /** Its container exists. */
  created: boolean;
  pullStartedAt?: number;
  pulledAt?: number;
  startedAt?: number;
  worksAt?: number;
  probes: readonly ProbeChange[];
}

/** Every system's lane, by service. */
export type Lanes = ReadonlyMap<string, Lane>;

/** So many changes of a probe's answer are kept; one that flaps for minutes is told by its newest. */
const answersKept = 50;

export function newLanes(plan: Plan, urlsOf: (service: string) => readonly string[]): Lanes {
  const sourceOf = ({ service, image }: SystemPlan): ImageSource => {
    if (plan.builds.includes(service)) return 'built';
    return plan.present.includes(image) ? 'local' : 'pulled';
  };
  return new Map(
    plan.systems.map((system) => [
      system.service,
      {
        system,
        source: sourceOf(system),
        urls: urlsOf(system.service),
        started: Promise.withResolvers(),
        works: Promise.withResolvers(),
        created: false,
        probes: [],
      },
    ]),
  );
}

export function reached(lanes: Lanes, service: string, condition: Condition): Promise<void> {
  const lane = lanes.get(service);
  if (lane === undefined) return Promise.resolve();
  return condition === 'started' ? lane.started.promise : lane.works.promise;
}

/** Of systems that could start now, the one that the most others wait for is first: a start keeps a core busy. */
export async function afterMoreUrgent(lane: Lane, lanes: Lanes): Promise<void> {
  const urgent = [...lanes.values()].filter(
    ({ system, created }) => created && system.rank > lane.system.rank && system.after.length === 0,
  );
  await Promise.all(urgent.map(({ started }) => started.promise));
}

/** Writes down when the pull of an image began or ended, for every service that runs it. */
export function pulling(
  lanes: Lanes,
  services: readonly string[],
  moment: 'began' | 'ended',
  at: number,
): void {
  for (const service of services) {
    const lane = lanes.get(service);
    if (lane !== undefined) lane[moment === 'began' ? 'pullStartedAt' : 'pulledAt'] = at;
  }
}

/** Writes down what a probe was answered, where that is another answer than before. */
export function heard(lane: Lane, at: number, answer: string): void {
  if (lane.probes.at(-1)?.answer === answer) return;
  lane.probes = [...lane.probes.slice(1 - answersKept), { at: Math.round(at), answer }];
}

/** The systems that work already. */
export function working(lanes: Lanes): readonly SystemPlan[] {
  return [...lanes.values()].flatMap(({ system, worksAt }) => (worksAt === undefined ? [] : [system]));
}

/** The lanes that are not at their end; first the one that the most others wait for, then the one that started first. */
export function unfinished(lanes: Lanes): readonly Lane[] {
  const left = [...lanes.values()].filter(({ worksAt }) => worksAt === undefined);
  const began = ({ startedAt = Infinity }: Lane) => startedAt;
  return left.sort((a, b) => b.system.rank - a.system.rank || began(a) - began(b) || 0);
}

/** Every system as it stands now; the one at fault has failed. */
export function recordsOf(lanes: Lanes, failure?: Failure): readonly SystemRecord[] {
  return [...lanes.values()].map((lane) => {
    const { system, source, urls, probes } = lane;
    const { service, title, image } = system;
    const after = system.after.map((each) => each.service);
    const stage = failure?.system === service ? 'failed' : stageOf(lane);
    return { service, title, image, source, after, stage, urls, probes, ...moments(lane) };
  });
}

function stageOf({ created, pullStartedAt, pulledAt, startedAt, worksAt }: Lane): Stage {
  if (worksAt !== undefined) return 'works';
  if (startedAt !== undefined) return 'starting';
  if (pullStartedAt !== undefined && pulledAt === undefined) return 'pulling';
  return created ? 'created' : 'waiting';
}

function moments({ pullStartedAt, pulledAt, startedAt, worksAt }: Lane) {
  return {
    ...(pullStartedAt === undefined ? {} : { pullStartedAt: Math.round(pullStartedAt) }),
    ...(pulledAt === undefined ? {} : { pulledAt: Math.round(pulledAt) }),
    ...(startedAt === undefined ? {} : { startedAt: Math.round(startedAt) }),
    ...(worksAt === undefined ? {} : { worksAt: Math.round(worksAt) }),
  };
}

import type { Condition } from './core/model.ts';
import type { SystemPlan } from './core/plan.ts';
import type { Timing } from './core/report.ts';

/** One system on its way up, and what the others may wait for. */
export interface Lane {
  readonly system: SystemPlan;
  readonly started: PromiseWithResolvers<void>;
  readonly works: PromiseWithResolvers<void>;
  /** Its container exists. */
  created: boolean;
  startedAt?: number;
  worksAt?: number;
  lastAnswer: string;
}

/** Every system's lane, by service. */
export type Lanes = ReadonlyMap<string, Lane>;

export function newLanes(systems: readonly SystemPlan[]): Lanes {
  return new Map(
    systems.map((system) => [
      system.service,
      {
        system,
        started: Promise.withResolvers(),
        works: Promise.withResolvers(),
        created: false,
        lastAnswer: '',
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

export function timingOf({ system, startedAt, worksAt }: Lane): Timing {
  return {
    service: system.service,
    ...(startedAt === undefined ? {} : { startedAt: Math.round(startedAt) }),
    ...(worksAt === undefined ? {} : { worksAt: Math.round(worksAt) }),
  };
}

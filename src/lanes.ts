import type { Condition } from './core/model.ts';
import type { SystemPlan } from './core/plan.ts';
import type { Timing } from './core/report.ts';

/** One system on its way up, and what the others may wait for. */
export interface Lane {
  readonly system: SystemPlan;
  readonly started: PromiseWithResolvers<void>;
  readonly works: PromiseWithResolvers<void>;
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
      { system, started: Promise.withResolvers(), works: Promise.withResolvers(), lastAnswer: '' },
    ]),
  );
}

export function reached(lanes: Lanes, service: string, condition: Condition): Promise<void> {
  const lane = lanes.get(service);
  if (lane === undefined) return Promise.resolve();
  return condition === 'started' ? lane.started.promise : lane.works.promise;
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
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(worksAt === undefined ? {} : { worksAt }),
  };
}

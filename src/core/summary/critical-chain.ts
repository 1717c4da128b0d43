import type { RunRecord, SystemRecord } from '../record.ts';

/** One system's share of the chain that bounded a run: from the moment that let it go on to the one it let others go on. */
export interface ChainLink {
  readonly service: string;
  /** Milliseconds from the start of the action. */
  readonly from: number;
  readonly to: number;
  /** How the milliseconds between the two were spent. */
  readonly pulling: number;
  readonly waiting: number;
  readonly starting: number;
}

/**
 * Walks back from the system that worked last, or from the one that failed, to what each waited for last: its image, or
 * the system that let it start. The first link comes first. Empty where nothing says who was last: without a system at
 * fault, or when the run was cancelled.
 */
export function criticalChain(record: RunRecord): readonly ChainLink[] {
  const systems = new Map(record.systems.map((system) => [system.service, system]));
  const last = lastOf(record, systems);
  return last === undefined ? [] : walk(last, endOf(last, record), systems, new Set());
}

function lastOf(record: RunRecord, systems: ReadonlyMap<string, SystemRecord>): SystemRecord | undefined {
  if (record.outcome === 'failure') return systems.get(record.failure?.system ?? '');
  if (record.outcome === 'cancelled') return undefined;
  const working = record.systems.filter(({ worksAt }) => worksAt !== undefined);
  return working.toSorted((a, b) => (a.worksAt ?? 0) - (b.worksAt ?? 0)).at(-1);
}

function endOf(last: SystemRecord, record: RunRecord): number {
  return record.outcome === 'success' ? (last.worksAt ?? record.took) : record.took;
}

function walk(
  system: SystemRecord,
  to: number,
  systems: ReadonlyMap<string, SystemRecord>,
  seen: Set<string>,
): readonly ChainLink[] {
  seen.add(system.service);
  const isPulled = system.source === 'pulled';
  const startedAt = Math.min(system.startedAt ?? to, to);
  const pulledAt = Math.min(system.pulledAt ?? to, startedAt);
  const pullBegan = isPulled ? Math.min(system.pullStartedAt ?? pulledAt, pulledAt) : pulledAt;
  const gate = lastGate(system, startedAt, systems, seen);
  const isGated = gate !== undefined && (!isPulled || (system.pulledAt !== undefined && gate.at >= pulledAt));
  const from = isGated ? gate.at : 0;
  const pulling = isGated ? 0 : pulledAt - pullBegan;
  const link = { service: system.service, from, to, pulling, starting: to - startedAt };
  const own = { ...link, waiting: startedAt - from - pulling };
  return isGated ? [...walk(gate.system, gate.at, systems, seen), own] : [own];
}

/** The last of the systems that had to work, or to start, before this one started, and when it let it. */
function lastGate(
  waiting: SystemRecord,
  startedAt: number,
  systems: ReadonlyMap<string, SystemRecord>,
  seen: ReadonlySet<string>,
): { readonly system: SystemRecord; readonly at: number } | undefined {
  const gates = waiting.after.flatMap((name) => {
    const system = seen.has(name) ? undefined : systems.get(name);
    if (system === undefined) return [];
    // The record does not tell "works" from "started": where the waiting one started earlier, it waited for the start.
    const passed = waiting.startedAt === undefined ? [system.worksAt] : [system.worksAt, system.startedAt];
    return [{ system, at: passed.find((at) => at !== undefined && at <= startedAt) ?? startedAt }];
  });
  return gates.toSorted((a, b) => a.at - b.at).at(-1);
}

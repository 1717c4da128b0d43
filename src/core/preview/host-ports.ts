import { door } from './deployment.ts';
import type { Exposure } from './exposure.ts';
import { spread } from './identity.ts';
import type { PortRange } from './inputs.ts';

/** A port of the host, and what it leads to. */
export interface Taken {
  readonly project: string;
  readonly service: string;
  readonly target: number;
  readonly port: number;
}

/**
 * The host port of every exposure. One that the preview has already stays; a new one is looked for from a place that
 * follows from the names, so that a preview that was taken down gets the same again where it can.
 */
export function choosePorts(
  project: string,
  exposures: readonly Exposure[],
  range: PortRange,
  taken: readonly Taken[],
): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>();
  const used = new Set(taken.map(({ port }) => port));
  for (const at of exposures) {
    const kept = taken.find(
      (each) => each.project === project && each.service === at.service && each.target === at.port,
    );
    const port = kept?.port ?? nextFree(`${project} ${door(at)}`, range, used);
    if (port === undefined) continue;
    used.add(port);
    chosen.set(door(at), port);
  }
  return chosen;
}

function nextFree(seed: string, { first, last }: PortRange, used: ReadonlySet<number>): number | undefined {
  const size = last - first + 1;
  const begin = spread(seed) % size;
  for (let step = 0; step < size; step += 1) {
    const port = first + ((begin + step) % size);
    if (!used.has(port)) return port;
  }
  return undefined;
}

import { asObject } from './json.ts';
import type { Model } from './model.ts';

/** Docker's own `cpu_shares` of a container that asks for none. */
export const usualWeight = 1024;

/**
 * The weight of the longest chain: a quarter of what the engine has where all have the same, since some chain waits for every image that
 * it unpacks. With cgroup v2 Docker's usual weight is less than half of the engine's already.
 */
const heaviest = usualWeight / 4;

/** How much less a system gets for each step by which its chain is shorter than the longest. */
const shorter = 4;

/** The least that Docker accepts. */
const least = 2;

/**
 * CPU weights (`cpu_shares`) while the stack comes up. The systems of the longest chain of dependencies bound the time: theirs
 * is the highest weight, and the others take what these leave idle. A service whose file gives it a weight keeps that, and
 * is not in the map. What it gains is measured by test/bench.
 */
export function startWeights(services: readonly string[], model: Model): ReadonlyMap<string, number> {
  const waitsFor = (service: string): readonly string[] =>
    (model.services.get(service)?.dependsOn ?? [])
      .filter((each) => each.condition !== 'started' && services.includes(each.service))
      .map((each) => each.service);
  const before = (service: string): number => longest(waitsFor(service).map((each) => 1 + before(each)));
  const behind = (service: string): number =>
    longest(services.filter((each) => waitsFor(each).includes(service)).map((each) => 1 + behind(each)));
  const chains = services.map((service) => [service, before(service) + behind(service)] as const);
  const most = longest(chains.map(([, length]) => length));
  const free = chains.filter(([service]) => !hasOwnWeight(service, model));
  return new Map(
    free.map(([service, length]) => [service, Math.max(least, heaviest / shorter ** (most - length))]),
  );
}

function hasOwnWeight(service: string, model: Model): boolean {
  const described = asObject(asObject(model.json['services'])?.[service]);
  return described?.['cpu_shares'] !== undefined;
}

function longest(lengths: readonly number[]): number {
  return Math.max(0, ...lengths);
}

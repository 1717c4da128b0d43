import { type Catalogue, groups } from './catalogue/catalogue.ts';
import type { Request } from './catalogue/declared-inputs.ts';
import { type Problem, quote } from './errors.ts';
import type { Model } from './model.ts';
import { didYouMean } from './spelling.ts';

/** A service that takes part, and why. */
export interface Selected {
  readonly service: string;
  readonly because: string;
}

export interface SelectionRequest {
  readonly services: readonly string[];
  /** The services that the caller's own Compose files bring; they take part unless left out. */
  readonly own: readonly string[];
}

/**
 * Chooses the services that take part: what was asked for, the caller's own, and what these depend on,
 * every dependency before its dependents.
 */
export function select(
  request: SelectionRequest,
  model: Model,
  catalogue: Catalogue,
): { selected: readonly Selected[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const resolve = resolver([...model.services.keys()], catalogue, problems);
  const excluded = new Set(
    request.services.flatMap((item) => (item.startsWith('!') ? resolve(item.slice(1)) : [])),
  );
  const positive = request.services.filter((item) => !item.startsWith('!') && item !== 'none');
  const everything = positive.length === 0 && !request.services.includes('none') ? ['all'] : positive;
  const asked = [
    ...everything.flatMap((item) =>
      resolve(item).map((service) => ({ service, because: reason(item, service) })),
    ),
    ...request.own.map((service) => ({ service, because: 'in your Compose files' })),
  ];
  const chosen = new Map<string, string>();
  const visit = (service: string, because: string, path: readonly string[]): void => {
    if (path.includes(service)) return;
    if (excluded.has(service)) {
      if (path.length > 0)
        problems.push({
          where: 'services',
          what: `${quote(`!${service}`)} leaves out what ${path.at(-1)} needs`,
        });
      return;
    }
    if (chosen.has(service)) return;
    for (const dependency of model.services.get(service)?.dependsOn ?? []) {
      if (dependency.required) visit(dependency.service, `${service} depends on it`, [...path, service]);
    }
    if (!chosen.has(service)) chosen.set(service, because);
  };
  for (const { service, because } of asked) visit(service, because, []);
  const selected = [...chosen].map(([service, because]) => ({ service, because }));
  if (selected.length === 0 && problems.length === 0)
    problems.push({ where: 'services', what: 'nothing is left to start' });
  return { selected, problems };
}

function reason(item: string, service: string): string {
  return item === service ? 'asked for' : `in ${item}`;
}

/** Finds the services that a name in `services` means; an unknown name is a problem and means none. */
function resolver(
  services: readonly string[],
  catalogue: Catalogue,
  problems: Problem[],
): (name: string) => readonly string[] {
  const byGroup = groups(catalogue);
  const known = ['all', ...byGroup.keys(), ...services];
  return (name) => {
    if (name === 'all') return services;
    const found = byGroup.get(name)?.filter((each) => services.includes(each));
    if (found !== undefined) return found;
    if (services.includes(name)) return [name];
    problems.push({
      where: 'services',
      what: `there is no system or group ${quote(name)}${didYouMean(name, known)}; there are: ${known.join(', ')}`,
    });
    return [];
  };
}

/** Problems with names in `services` that no service or group of these has. */
export function unknownNames(
  names: readonly string[],
  services: readonly string[],
  catalogue: Catalogue,
): readonly Problem[] {
  const problems: Problem[] = [];
  const resolve = resolver(services, catalogue, problems);
  for (const name of names) if (name !== 'none') resolve(name.replace(/^!/, ''));
  return problems;
}

/** Problems with inputs whose system does not take part. */
export function requestsWithoutSystem(
  requests: readonly Request[],
  selected: readonly Selected[],
): readonly Problem[] {
  const names = selected.map(({ service }) => service);
  return requests
    .filter(({ system }) => !names.includes(system))
    .map(({ input, system }) => ({ where: input, what: `needs ${system}, which is not among the services` }));
}

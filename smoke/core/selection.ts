import { type Problem, quote } from '../../src/core/errors.ts';
import { didYouMean } from '../../src/core/spelling.ts';
import type { Check, Services } from './check.ts';

/** A check that is not asked for on this stack, and what is missing for it. */
export interface LeftOut {
  readonly check: Check;
  readonly missing: string;
}

export interface Chosen {
  readonly checks: readonly Check[];
  readonly leftOut: readonly LeftOut[];
  readonly problems: readonly Problem[];
}

/**
 * The checks that names mean: of checks, systems and groups, `all`, and `!name`, which leaves some out. Of a system or group those
 * are taken that the stack can be asked; one that is named itself and cannot be asked is a problem.
 */
export function choose(
  names: readonly string[],
  checks: readonly Check[],
  groups: Readonly<Record<string, readonly string[]>>,
  services: Services,
): Chosen {
  const problems: Problem[] = [];
  const refuse = (what: string) => problems.push({ where: 'checks', what });
  const meant = (name: string): readonly Check[] => {
    const found = meaning(name, checks, groups);
    if (found.length === 0)
      refuse(`there is no check, system or group ${quote(name)}${near(name, checks, groups)}`);
    return found;
  };
  const excluded = new Set(
    names.filter((name) => name.startsWith('!')).flatMap((name) => meant(name.slice(1))),
  );
  const positive = names.filter((name) => !name.startsWith('!'));
  const wanted = new Set((positive.length === 0 ? ['all'] : positive).flatMap(meant));
  const asked = checks.filter((check) => wanted.has(check) && !excluded.has(check));
  const leftOut = asked.flatMap((check) => {
    const missing = missingFor(check, services);
    return missing === undefined ? [] : [{ check, missing }];
  });
  for (const { check, missing } of leftOut)
    if (names.includes(check.id)) refuse(`${check.id} needs ${missing}`);
  const possible = asked.filter((check) => missingFor(check, services) === undefined);
  if (possible.length === 0 && problems.length === 0) refuse('nothing is left that this stack can be asked');
  return { checks: possible, leftOut, problems };
}

function missingFor({ needs, option }: Check, services: Services): string | undefined {
  const absent = needs.filter((service) => services[service] === undefined);
  if (absent.length > 0) return `${absent.join(' and ')}, which the stack does not have`;
  return option === undefined || option.isOn(services) ? undefined : option.needs;
}

function meaning(
  name: string,
  checks: readonly Check[],
  groups: Readonly<Record<string, readonly string[]>>,
): readonly Check[] {
  const systems = groups[name] ?? [name];
  return checks.filter(({ id, system }) => name === 'all' || id === name || systems.includes(system));
}

function near(name: string, checks: readonly Check[], groups: Readonly<Record<string, unknown>>): string {
  const systems = [...new Set(checks.map(({ system }) => system))];
  const [system = ''] = name.split('.');
  const own = checks.filter((check) => check.system === system).map(({ id }) => id);
  const known = ['all', ...Object.keys(groups), ...systems];
  const hint = didYouMean(name, [...known, ...checks.map(({ id }) => id)]);
  return `${hint}; there are: ${(own.length > 0 ? own : known).join(', ')}`;
}

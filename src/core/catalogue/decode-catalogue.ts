import type { Problem } from '../errors.ts';
import { asArray, asObject, asString, entries, stringEntries } from '../json.ts';
import { type Catalogue, type Endpoint, endpointOf, type System } from './catalogue.ts';
import type { DeclaredInput } from './declared-inputs.ts';
import { decodeCauses } from './decode-causes.ts';
import { decodeCheck } from './decode-checks.ts';
import { decodeInput } from './decode-inputs.ts';
import { decodeJvm } from './decode-jvm.ts';
import type { Report } from './pattern.ts';

/** Decodes `x-paklog` as docs/catalogue.md defines it; every mistake is reported with its path. */
export function decodeCatalogue(value: unknown): { catalogue: Catalogue; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (at, what) => problems.push({ where: `x-paklog.${at}`, what });
  const map = asObject(value) ?? {};
  const systems = entries(map['systems']).map(([name, entry]) => decodeSystem(name, entry, report));
  const inputs = entries(map['inputs']).flatMap(([name, entry]) => decodeInput(name, entry, report));
  const catalogue = { systems: new Map(systems.map((system) => [system.name, system])), inputs };
  for (const system of systems) checkTargets(catalogue, system, report);
  for (const input of inputs) checkRules(catalogue, input, report);
  return { catalogue, problems };
}

function checkTargets(catalogue: Catalogue, system: System, report: Report): void {
  for (const check of system.probe) {
    if (endpointOf(catalogue, check) !== undefined) continue;
    report(`systems.${system.name}.probe`, `there is no endpoint ${check.endpoint} of ${check.system}`);
  }
}

function checkRules(catalogue: Catalogue, { name, effect }: DeclaredInput, report: Report): void {
  if (effect.kind !== 'send') return;
  for (const { system, endpoint } of effect.rules) {
    const known = catalogue.systems.get(system)?.endpoints ?? [];
    if (known.length > 0 && !known.some((each) => each.name === endpoint))
      report(`inputs.${name}.send`, `there is no endpoint ${endpoint} of ${system}`);
  }
}

function decodeSystem(name: string, value: unknown, report: Report): System {
  const entry = asObject(value) ?? {};
  const at = `systems.${name}`;
  const group = asString(entry['group']);
  const endpoints = entries(entry['endpoints']).map(([key, item]) =>
    decodeEndpoint(key, item, `${at}.endpoints`, report),
  );
  const probe = asArray(entry['probe']).flatMap((item) => decodeCheck(name, item, `${at}.probe`, report));
  const causes = decodeCauses(entry['causes'], `${at}.causes`, report);
  const jvm = decodeJvm(entry['jvm'], `${at}.jvm`, report);
  return {
    name,
    title: asString(entry['title']) ?? name,
    ...(group === undefined ? {} : { group }),
    endpoints,
    probe,
    ...(causes.length === 0 ? {} : { causes }),
    ...(jvm === undefined ? {} : { jvm }),
  };
}

function decodeEndpoint(name: string, value: unknown, at: string, report: Report): Endpoint {
  const entry = asObject(value) ?? {};
  const port = decodePort(entry['port'], `${at}.${name}.port`, report);
  const output = asString(entry['output']);
  const env = entries(entry['env']).map(([set, names]) => [set, stringEntries(names)] as const);
  return {
    name,
    port,
    insidePort:
      entry['inside-port'] === undefined
        ? port
        : decodePort(entry['inside-port'], `${at}.${name}.inside-port`, report),
    url: asString(entry['url']) ?? '{host}:{port}',
    ...(output === undefined ? {} : { output }),
    env: Object.fromEntries(env),
  };
}

function decodePort(value: unknown, at: string, report: Report): number {
  const port = Number(asString(value));
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  report(at, `must be a port, 1 to 65535, not ${JSON.stringify(value) ?? 'nothing'}`);
  return 0;
}

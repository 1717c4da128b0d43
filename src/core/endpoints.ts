import { type Catalogue, type Endpoint, type System, systemOf } from './catalogue/catalogue.ts';
import type { Model } from './model.ts';
import type { Binding } from './ports.ts';

/** One side's view of an endpoint. */
export interface View {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Where one endpoint of a running system is reached, from the host and from containers on its network. */
export interface Reachable {
  readonly system: System;
  readonly endpoint: Endpoint;
  readonly host: View;
  readonly network: View;
}

/** Fills `{host}`, `{port}`, `{address}` and `{url}`; other braces stay as they are. */
export function fill(
  template: string,
  view: { readonly host: string; readonly port: number; readonly url?: string },
): string {
  const values: Readonly<Record<string, string>> = {
    host: view.host,
    port: String(view.port),
    address: `${view.host}:${view.port}`,
    url: view.url ?? '',
  };
  return template.replace(/\{(host|port|address|url)\}/g, (_, name: string) => values[name] ?? '');
}

function viewOf(endpoint: Endpoint, host: string, port: number): View {
  return { host, port, url: fill(endpoint.url, { host, port }) };
}

/** Every endpoint of the services that take part and publish its port. */
export function reachable(
  catalogue: Catalogue,
  services: readonly string[],
  bindings: readonly Binding[],
  advertiseHost: string,
): readonly Reachable[] {
  return services.flatMap((service) => {
    const system = systemOf(catalogue, service);
    return system.endpoints.flatMap((endpoint) => {
      const binding = bindings.find((each) => each.service === service && each.target === endpoint.port);
      if (binding === undefined) return [];
      const host = viewOf(endpoint, advertiseHost, binding.host);
      return [{ system, endpoint, host, network: viewOf(endpoint, service, endpoint.insidePort) }];
    });
  });
}

/** Outputs by name, as the catalogue names them. */
export function outputs(endpoints: readonly Reachable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    endpoints.flatMap(({ endpoint, host }) =>
      endpoint.output === undefined ? [] : [[endpoint.output, host.url]],
    ),
  );
}

/** Environment names and values of the chosen sets, in the host's or the network's view. */
export function environment(
  endpoints: readonly Reachable[],
  sets: readonly string[],
  side: 'host' | 'network',
): Readonly<Record<string, string>> {
  const pairs = endpoints.flatMap((each) =>
    sets.flatMap((set) =>
      Object.entries(each.endpoint.env[set] ?? {}).map(
        ([name, template]) => [name, fill(template, each[side])] as const,
      ),
    ),
  );
  return Object.fromEntries(pairs);
}

/** Names that would change how the runner or a later step's programs run; never exported, whatever a catalogue says. */
const refused =
  /^(NODE_OPTIONS|PATH|HOME|SHELL|BASH_ENV|ENV|IFS|PROMPT_COMMAND|JAVA_TOOL_OPTIONS|RUBYOPT|LD_.*|DYLD_.*|PYTHON.*|PERL5.*|GIT_.*|GITHUB_.*|RUNNER_.*|ACTIONS_.*|.*_PROXY)$/i;

/** Environment names of the catalogue that must not be exported. */
export function refusedNames(catalogue: Catalogue): readonly string[] {
  const names = [...catalogue.systems.values()].flatMap(({ endpoints }) =>
    endpoints.flatMap(({ env }) => Object.values(env).flatMap((set) => Object.keys(set))),
  );
  return names.filter((name) => refused.test(name) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
}

/** A file for `docker run --env-file`: name=value per line, values taken literally. */
export function envFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The `services` output: every system with its image and both views of every endpoint. */
export function servicesJson(
  model: Model,
  services: readonly string[],
  endpoints: readonly Reachable[],
): string {
  const described = services.map((service) => {
    const own = endpoints.filter(({ system }) => system.name === service);
    const views = own.map(({ endpoint, host, network }) => [endpoint.name, { ...host, network }] as const);
    return [
      service,
      { image: model.services.get(service)?.image ?? '', endpoints: Object.fromEntries(views) },
    ] as const;
  });
  return JSON.stringify(Object.fromEntries(described));
}

import { type Catalogue, systemOf } from './catalogue/catalogue.ts';
import type { Request } from './catalogue/declared-inputs.ts';
import { asArray, asObject, entries, type Json } from './json.ts';
import { type Model, sharedNetwork } from './model.ts';
import type { Binding } from './ports.ts';
import { type JvmMode, withoutStartup } from './warm/jvm-options.ts';

export interface Arrangement {
  readonly services: readonly string[];
  readonly bindings: readonly Binding[];
  readonly bindAddress: string;
  readonly images: ReadonlyMap<string, string>;
  readonly requests: readonly Request[];
  /** The run's folder, where the files are that the action writes for systems. */
  readonly directory: string;
  /** CPU weight (`cpu_shares`) by service while the stack comes up. */
  readonly weights: ReadonlyMap<string, number>;
  readonly jvm: JvmMode;
}

/**
 * The Compose model as it will run: only the services that take part, every port on the chosen address, no fixed
 * container names (two stacks may share a host), services without a network of their own on the one that the others
 * share (so that they see them), and no health check where a probe from the host decides:
 * a check that starts a program in a container each time costs the stack's start-up the CPU it needs.
 */
export function arrange(model: Model, catalogue: Catalogue, wanted: Arrangement): Json {
  const services = entries(model.json['services'])
    .filter(([name]) => wanted.services.includes(name))
    .map(
      ([name, service]) =>
        [
          name,
          arrangeService(name, asObject(service) ?? {}, catalogue, {
            ...wanted,
            network: sharedNetwork(model),
          }),
        ] as const,
    );
  const { 'x-paklog': _catalogue, ...rest } = model.json;
  return { ...rest, services: Object.fromEntries(services) };
}

type Wanted = Arrangement & { readonly network: string };

function arrangeService(name: string, service: Json, catalogue: Catalogue, wanted: Wanted): Json {
  const { probe, jvm } = systemOf(catalogue, name);
  const json = jvm !== undefined && wanted.jvm === 'throughput' ? withoutStartup(service, jvm) : service;
  const { container_name: _name, healthcheck, depends_on, networks, ports: _ports, ...kept } = json;
  const probed = probe.length > 0;
  const image = wanted.images.get(name);
  const weight = wanted.weights.get(name);
  const mounts = wanted.requests.flatMap((request) =>
    request.system === name ? mountsOf(request, wanted.directory) : [],
  );
  const needed = entries(depends_on).filter(([service]) => wanted.services.includes(service));
  const check = probed ? { disable: true } : healthcheck;
  return {
    ...kept,
    ...(networks === undefined ? {} : { networks: joined(asObject(networks) ?? {}, wanted.network) }),
    ...(check === undefined ? {} : { healthcheck: check }),
    ...(needed.length === 0 ? {} : { depends_on: Object.fromEntries(needed) }),
    ...(image === undefined ? {} : { image, build: undefined }),
    ...(weight === undefined ? {} : { cpu_shares: weight }),
    ...(mounts.length === 0 ? {} : { volumes: [...asArray(json['volumes']), ...mounts] }),
    ports: portsOf(name, wanted),
  };
}

export function joined(networks: Json, shared: string): Json {
  const only = Object.keys(networks);
  return only.length === 1 && only[0] === 'default' ? { ...networks, [shared]: null } : networks;
}

function portsOf(service: string, wanted: Arrangement): readonly Json[] {
  return wanted.bindings
    .filter((binding) => binding.service === service)
    .map(({ target, host, protocol }) => ({
      mode: 'ingress',
      host_ip: wanted.bindAddress,
      target,
      published: String(host),
      protocol,
    }));
}

function mountsOf(request: Request, directory: string): readonly Json[] {
  if (request.kind === 'render') return [mount(renderedFile(request, directory), request.into)];
  if (request.kind !== 'mount') return [];
  return request.files.map((source, index) => {
    const name = `${request.prefix}${String(index + 1).padStart(2, '0')}-${source.split('/').at(-1)}`;
    return mount(source, `${request.into}/${name}`);
  });
}

/** Where the file that the action writes for an input is, in the run's folder. */
export function renderedFile(
  { input, into }: Extract<Request, { kind: 'render' }>,
  directory: string,
): string {
  return `${directory}/${input}-${into.split('/').at(-1)}`;
}

function mount(source: string, target: string): Json {
  return { type: 'bind', source, target, read_only: true, bind: { create_host_path: false } };
}

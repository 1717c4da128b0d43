import { type Problem, quote } from '../errors.ts';
import type { Refuse } from '../inputs.ts';
import { didYouMean } from '../spelling.ts';
import type { Reach } from './inputs.ts';
import type { PreviewUrl } from './state.ts';

/** One port of a service that people reach. */
export interface Exposure {
  readonly service: string;
  /** Inside the container. */
  readonly port: number;
  /** What follows the host in the URL that is announced; begins with a slash. */
  readonly path: string;
}

/** Reads `service:port [path]` lines. */
export function readExposures(lines: readonly string[], refuse: Refuse): readonly Exposure[] {
  const found = lines.flatMap((line) => {
    const [, service = '', port = '', path = '/'] =
      /^([A-Za-z0-9][\w.-]*):([1-9]\d{0,4})(?:\s+(\/[!-~]*))?$/.exec(line) ?? [];
    if (service !== '' && Number(port) <= 65_535) return [{ service, port: Number(port), path }];
    refuse('expose', `${quote(line)} is not service:port or service:port /path`);
    return [];
  });
  const names = found.map(({ service, port }) => `${service}:${port}`);
  for (const twice of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    refuse('expose', `${twice} stands there twice`);
  return found;
}

/** Problems with services in `expose` that do not take part. */
export function unknownExposures(
  exposures: readonly Exposure[],
  services: readonly string[],
): readonly Problem[] {
  const unknown = exposures.filter(({ service }) => !services.includes(service));
  return unknown.map(({ service }) => ({
    where: 'expose',
    what: `there is no service ${quote(service)}${didYouMean(service, services)}; there are: ${services.join(', ')}`,
  }));
}

/** What a preview is called in host names: the first exposure's is short, others carry their service. */
export function hostName(
  name: string,
  { domain }: Reach,
  exposures: readonly Exposure[],
  at: Exposure,
): string {
  const first = exposures[0];
  if (first === undefined || sameDoor(first, at)) return `${name}.${domain}`;
  const alone = exposures.filter(({ service }) => service === at.service).length === 1;
  const own = alone ? at.service : `${at.service}-${at.port}`;
  return `${own.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}-${name}`.slice(0, 63).concat(`.${domain}`);
}

export function sameDoor(a: Exposure, b: Exposure): boolean {
  return a.service === b.service && a.port === b.port;
}

/** The URL of an exposure: behind the proxy by its host name, else by the port on the host. */
export function urlOf(
  at: Exposure,
  where: { readonly name: string; readonly reach: Reach; readonly exposures: readonly Exposure[] },
  port: number | undefined,
): PreviewUrl {
  const { name, reach, exposures } = where;
  const origin =
    reach.proxy === 'none'
      ? `http://${reach.host}:${port ?? 0}`
      : `${reach.proxyScheme}://${hostName(name, reach, exposures, at)}`;
  return { name: at.service, url: `${origin}${at.path}` };
}

/**
 * What the proxy reads. Traefik: `traefik.http.routers|services.*` and the network that it shares, whose label the
 * Swarm provider reads by another name (doc.traefik.io, Docker and Swarm providers). Caddy: caddy-docker-proxy's `caddy`
 * labels, where one site is one numbered group, and its label for the network.
 */
export function proxyLabels(
  service: string,
  where: { readonly name: string; readonly reach: Reach; readonly exposures: readonly Exposure[] },
  place: 'engine' | 'swarm',
): Readonly<Record<string, string>> {
  const { name, reach, exposures } = where;
  const own = exposures.filter((each) => each.service === service);
  if (reach.proxy === 'none' || own.length === 0) return {};
  const host = (at: Exposure) => hostName(name, reach, exposures, at);
  if (reach.proxy === 'caddy') {
    const scheme = reach.proxyScheme === 'http' ? 'http://' : '';
    const sites = own.flatMap((at, index) => [
      [`caddy_${index}`, `${scheme}${host(at)}`],
      [`caddy_${index}.reverse_proxy`, `{{upstreams ${at.port}}}`],
    ]);
    return { ...Object.fromEntries(sites), caddy_ingress_network: reach.proxyNetwork };
  }
  const routes = own.flatMap((at) => {
    const id = `${name}-${at.service}-${at.port}`.replace(/[^A-Za-z0-9-]+/g, '-');
    const tls = reach.proxyScheme === 'https' ? [[`traefik.http.routers.${id}.tls`, 'true']] : [];
    return [
      [`traefik.http.routers.${id}.rule`, `Host(\`${host(at)}\`)`],
      [`traefik.http.routers.${id}.service`, id],
      ...tls,
      [`traefik.http.services.${id}.loadbalancer.server.port`, String(at.port)],
    ];
  });
  // Traefik 2 reads the first name on a Swarm, too.
  const providers = place === 'swarm' ? ['docker', 'swarm'] : ['docker'];
  const networks = providers.map((provider) => [`traefik.${provider}.network`, reach.proxyNetwork]);
  return {
    'traefik.enable': 'true',
    ...Object.fromEntries(networks),
    ...Object.fromEntries(routes),
  };
}

import { joined } from '../arrange.ts';
import { asArray, asObject, entries, type Json } from '../json.ts';
import { mountedConfigs, namedConfigs } from './configs.ts';
import { type Deployment, door } from './deployment.ts';
import { proxyLabels } from './exposure.ts';
import { labelsOf } from './identity.ts';

/** The key of the proxy's network in a rendered model. */
const proxyKey = 'preview-proxy';

/**
 * The Compose model of a preview: only what takes part; no port but those of `expose`; every name that of the project; files of
 * the runner as configs with their content, since the engine may be elsewhere; images that are built named after project and
 * commit; and the labels that say whose everything is.
 */
export function renderPreview(deployment: Deployment): Json {
  const { model, services, project } = deployment;
  const all = asObject(model['services']) ?? {};
  const configs = new Map<string, Json>();
  const rendered = services.map(
    (name) => [name, renderService(name, asObject(all[name]) ?? {}, deployment, configs)] as const,
  );
  const { reach, settled } = deployment;
  const labels = labelsOf(settled, project);
  const proxy = reach.proxy === 'none' ? {} : { [proxyKey]: { name: reach.proxyNetwork, external: true } };
  return {
    name: project,
    services: Object.fromEntries(rendered),
    networks: { ...owned(model['networks'], project, labels), ...proxy },
    volumes: owned(model['volumes'], project, labels),
    configs: Object.fromEntries(configs),
    ...(model['secrets'] === undefined ? {} : { secrets: model['secrets'] }),
  };
}

/** Services that carry the mark of the newest run: what is built, and what is reached from outside. */
export function bearers({ exposures, own, images, model }: Deployment): readonly string[] {
  const all = asObject(model['services']) ?? {};
  const built = own.filter((name) => builds(name, all, images));
  const found = [...new Set([...built, ...exposures.map(({ service }) => service)])];
  return found.length > 0 ? found : own.slice(0, 1);
}

/** The services whose images are built from the caller's files. */
export function builtServices({ services, images, model }: Deployment): readonly string[] {
  const all = asObject(model['services']) ?? {};
  return services.filter((name) => builds(name, all, images));
}

function builds(name: string, all: Json, images: ReadonlyMap<string, string>): boolean {
  return asObject(all[name])?.['build'] !== undefined && !images.has(name);
}

/** The name of an image that is built for a preview. */
export function builtImage(service: string, { project, registry, mark }: Deployment): string {
  const name = `${project}-${service}`.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return `${registry === '' ? '' : `${registry}/`}${name}:${mark.commit.slice(0, 12)}`;
}

function renderService(name: string, json: Json, deployment: Deployment, configs: Map<string, Json>): Json {
  const { container_name: _name, ports: _ports, volumes, configs: _configs, ...service } = json;
  const { build, networks, labels, depends_on: _after, develop: _develop, ...kept } = service;
  const image = imageOf(name, json, deployment);
  const used = [
    ...namedConfigs(json, deployment, configs),
    ...mountedConfigs(name, json, deployment, configs),
  ];
  const mounts = asArray(volumes).filter((each) => asObject(each)?.['type'] !== 'bind');
  const after = entries(json['depends_on']).filter(([other]) => deployment.services.includes(other));
  const doors = portsOf(name, deployment);
  return {
    ...kept,
    ...image,
    labels: { ...asObject(labels), ...serviceLabels(name, deployment) },
    ...networksOf(name, networks, deployment),
    ...(after.length === 0 ? {} : { depends_on: Object.fromEntries(after) }),
    ...(mounts.length === 0 ? {} : { volumes: mounts }),
    ...(used.length === 0 ? {} : { configs: used }),
    ...(doors.length === 0 ? {} : { ports: doors }),
  };
}

function imageOf(name: string, { build, image }: Json, deployment: Deployment): Json {
  const chosen = deployment.images.get(name);
  if (chosen !== undefined) return { image: chosen };
  if (build === undefined) return { image };
  const { tags: _tags, ...rest } = asObject(build) ?? {};
  const labels = labelsOf(deployment.mark, deployment.project);
  return {
    image: builtImage(name, deployment),
    build: { ...rest, labels: { ...asObject(rest['labels']), ...labels } },
    pull_policy: 'missing',
  };
}

function serviceLabels(name: string, deployment: Deployment): Readonly<Record<string, string>> {
  const { mark, settled, project, place } = deployment;
  const own = bearers(deployment).includes(name) ? mark : settled;
  return { ...labelsOf(own, project), ...proxyLabels(name, deployment, place) };
}

function networksOf(name: string, networks: unknown, deployment: Deployment): Json {
  const { reach, exposures, network } = deployment;
  const own = asObject(networks);
  const proxied = reach.proxy !== 'none' && exposures.some(({ service }) => service === name);
  if (own === undefined) return proxied ? { networks: { default: null, [proxyKey]: null } } : {};
  return { networks: { ...joined(own, network), ...(proxied ? { [proxyKey]: null } : {}) } };
}

function portsOf(name: string, { exposures, reach, ports }: Deployment): readonly Json[] {
  return exposures.flatMap((at) => {
    const published = ports.get(door(at));
    if (at.service !== name || published === undefined) return [];
    const address = reach.bindAddress === '' ? {} : { host_ip: reach.bindAddress };
    return [{ mode: 'ingress', ...address, target: at.port, published: String(published), protocol: 'tcp' }];
  });
}

/** Networks or volumes under names of the project alone, with labels; those that others have made stay as they are. */
function owned(map: unknown, project: string, labels: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    entries(map).map(([key, value]) => {
      const json = asObject(value) ?? {};
      if (json['external'] === true) return [key, json];
      return [
        key,
        { ...json, name: `${project}_${key}`, labels: { ...asObject(json['labels']), ...labels } },
      ];
    }),
  );
}

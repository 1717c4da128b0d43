import { asArray, asObject, asString, entries, type Json } from '../json.ts';
import type { Deployment } from './deployment.ts';
import { proxyLabels } from './exposure.ts';
import { labelsOf } from './identity.ts';
import type { Reach } from './inputs.ts';

/** A file that the client of `docker stack deploy` reads. */
export interface StackText {
  readonly name: string;
  readonly text: string;
}

/** A stack file, and the texts of its configs, to be written beside it. */
export interface StackFile {
  readonly json: Json;
  readonly texts: readonly StackText[];
}

/** What a stack file knows of a service and may keep as it is (docker/cli, schema 3.13). */
const known = [
  ...[
    'image',
    'command',
    'entrypoint',
    'environment',
    'working_dir',
    'user',
    'hostname',
    'healthcheck',
    'init',
  ],
  ...[
    'read_only',
    'stdin_open',
    'tty',
    'stop_grace_period',
    'stop_signal',
    'sysctls',
    'tmpfs',
    'ulimits',
    'dns',
  ],
  ...['dns_search', 'cap_drop', 'logging', 'configs', 'secrets', 'ports'],
];

/**
 * The rendered Compose model of a preview for `docker stack deploy`. What a stack does not know is translated, or left out: the
 * order of starts (Swarm starts everything at once, and again until it runs), names of containers, builds. Named volumes
 * become volumes of the container: they go with it on whatever node it was, so that nothing is left; data lives as long as the task.
 */
export function stackFile(rendered: Json, deployment: Deployment): StackFile {
  const { project, mark } = deployment;
  const labels = labelsOf(mark, project);
  const services = entries(rendered['services']).map(
    ([name, service]) => [name, stackService(name, asObject(service) ?? {}, rendered, deployment)] as const,
  );
  const texts = entries(rendered['configs']).flatMap(([name, config]) => {
    const content = asString(asObject(config)?.['content']);
    return content === undefined ? [] : [{ name, text: content.replaceAll('$$', () => '$') }];
  });
  const configs = entries(rendered['configs']).map(([key, config]) => {
    const isText = texts.some(({ name }) => name === key);
    // 64 characters are all that a name may have; the end of the key tells the content.
    const own = { file: `./${key}`, name: `${project}_${key.split('-').at(-1)}`, labels };
    return [key, isText ? own : asObject(config)] as const;
  });
  const secrets = entries(rendered['secrets']).map(([key, secret]) => [key, { ...asObject(secret), labels }]);
  const json = {
    services: Object.fromEntries(services),
    networks: overlays(rendered),
    configs: Object.fromEntries(configs),
    ...(secrets.length === 0 ? {} : { secrets: Object.fromEntries(secrets) }),
  };
  return { json, texts };
}

function stackService(name: string, service: Json, rendered: Json, deployment: Deployment): Json {
  const { reach } = deployment;
  const kept = Object.fromEntries(
    known.flatMap((key) => (service[key] == null ? [] : [[key, service[key]]])),
  );
  const volumes = asArray(service['volumes']).map((each) => anonymous(asObject(each) ?? {}, rendered));
  const labels = { ...asObject(service['labels']) };
  // The labels of a container are part of its task: those that change with every push are the service's alone.
  for (const key of Object.keys(ownLabels(name, deployment))) delete labels[key];
  const hosts = asArray(service['extra_hosts']).flatMap((each) => hostEntry(asString(each) ?? ''));
  const ports = asArray(service['ports']).map((each) => portOf(asObject(each) ?? {}, reach));
  return {
    ...kept,
    networks: networksOf(service['networks']),
    ...(ports.length === 0 ? {} : { ports }),
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(hosts.length === 0 ? {} : { extra_hosts: hosts }),
    deploy: deployOf(name, service, rendered, deployment),
  };
}

function ownLabels(name: string, deployment: Deployment): Readonly<Record<string, string>> {
  return {
    ...labelsOf(deployment.mark, deployment.project),
    ...proxyLabels(name, deployment, 'swarm'),
  };
}

function deployOf(name: string, service: Json, rendered: Json, deployment: Deployment): Json {
  const given = asObject(service['deploy']) ?? {};
  const job = endsByItself(name, rendered);
  const resources = resourcesOf(service, asObject(given['resources']) ?? {});
  return {
    ...(job ? { mode: 'replicated-job' } : {}),
    restart_policy: { condition: job ? 'on-failure' : 'any', delay: '2s' },
    ...given,
    ...(resources === undefined ? {} : { resources }),
    ...endpointMode(deployment.reach),
    labels: { ...asObject(given['labels']), ...ownLabels(name, deployment) },
  };
}

/**
 * The one place that decides how services of a stack are reached. With the routing mesh every service has an address of its
 * own, and every node answers on a published port: both are IPVS in the kernels of the nodes. Without it names lead to
 * tasks, and a port is published by the node that the task runs on.
 */
function endpointMode({ routing }: Reach): Json {
  return routing === 'mesh' ? {} : { endpoint_mode: 'dnsrr' };
}

function portOf({ target, published, protocol }: Json, { routing }: Reach): Json {
  const mode = routing === 'mesh' ? 'ingress' : 'host';
  return { mode, target, published: Number(published), protocol };
}

/** Another service waits for its end. */
export function endsByItself(service: string, rendered: Json): boolean {
  return entries(rendered['services']).some(([, other]) => {
    const after = asObject(asObject(asObject(other)?.['depends_on'])?.[service]);
    return after?.['condition'] === 'service_completed_successfully';
  });
}

function resourcesOf(service: Json, given: Json): Json | undefined {
  const limits = { memory: service['mem_limit'], cpus: service['cpus'], pids: service['pids_limit'] };
  const reservations = { memory: service['mem_reservation'] };
  const part = (own: Json, key: string) => {
    const set = entries(own).flatMap(([name, value]) => (value == null ? [] : [[name, asString(value)]]));
    return { ...Object.fromEntries(set), ...asObject(given[key]) };
  };
  const all = { limits: part(limits, 'limits'), reservations: part(reservations, 'reservations') };
  const found = entries(all).filter(([, value]) => Object.keys(asObject(value) ?? {}).length > 0);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Named volumes of the preview lose their names; those of others, and what is no volume, stay. */
function anonymous(mount: Json, rendered: Json): Json {
  const source = asString(mount['source']) ?? '';
  const external = asObject(asObject(rendered['volumes'])?.[source])?.['external'] === true;
  if (mount['type'] !== 'volume' || external) return mount;
  const { source: _source, volume, ...rest } = mount;
  const nocopy = asObject(volume)?.['nocopy'] === true;
  return { ...rest, ...(nocopy ? { volume: { nocopy } } : {}) };
}

/** `name=address`; a stack has a colon there, and knows no `host-gateway`. */
function hostEntry(entry: string): readonly string[] {
  const [, name = '', address = ''] = /^([^=:]+)[=:](.+)$/.exec(entry) ?? [];
  return name === '' || address === 'host-gateway' ? [] : [`${name}:${address}`];
}

function networksOf(networks: unknown): Json {
  const named = entries(networks).map(([key, value]) => {
    const aliases = asArray(asObject(value)?.['aliases']);
    return [key, aliases.length === 0 ? null : { aliases }];
  });
  return named.length === 0 ? { default: null } : Object.fromEntries(named);
}

/** Networks over all nodes. `attachable`: whoever looks for a mistake may join one. */
function overlays(rendered: Json): Json {
  const all = { default: {}, ...asObject(rendered['networks']) };
  return Object.fromEntries(
    entries(all).map(([key, value]) => {
      const { name, external, internal, labels } = asObject(value) ?? {};
      if (external === true) return [key, { name, external }];
      const own = {
        ...(name === undefined ? {} : { name }),
        ...(internal === true ? { internal } : {}),
        labels,
      };
      return [key, { ...own, driver: 'overlay', attachable: true }];
    }),
  );
}

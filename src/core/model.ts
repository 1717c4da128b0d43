import { asArray, asObject, asString, entries, type Json, mapTexts } from './json.ts';

export type Condition = 'started' | 'works' | 'completed';

export interface Dependency {
  readonly service: string;
  readonly condition: Condition;
  /** False: Compose's `required: false`; such a dependency does not come along by itself. */
  readonly required: boolean;
}

export interface PublishedPort {
  readonly target: number;
  /** The host port the file names, or undefined for one that Docker chooses. */
  readonly published?: number;
  readonly protocol: string;
}

export interface Service {
  readonly name: string;
  /** Empty where the service is built from source. */
  readonly image: string;
  readonly platform?: string;
  readonly dependsOn: readonly Dependency[];
  readonly ports: readonly PublishedPort[];
  readonly networks: readonly string[];
  /** A health check is declared and not switched off. */
  readonly healthcheck: boolean;
  readonly builds: boolean;
}

/** The part of `docker compose config --format json` that decisions need, and the whole of it. */
export interface Model {
  readonly services: ReadonlyMap<string, Service>;
  readonly json: Json;
}

const conditions: ReadonlyMap<unknown, Condition> = new Map([
  ['service_started', 'started'],
  ['service_healthy', 'works'],
  ['service_completed_successfully', 'completed'],
]);

/** Decodes the normalised Compose model; fields that no decision needs are kept as they are in `json`. */
export function decodeModel(value: unknown): Model {
  const json = asObject(value) ?? {};
  const services = entries(json['services']).map(([name, service]) =>
    decodeService(name, asObject(service) ?? {}),
  );
  return { json, services: new Map(services.map((service) => [service.name, service])) };
}

function decodeService(name: string, json: Json): Service {
  const healthcheck = asObject(json['healthcheck']);
  const test = asArray(healthcheck?.['test'])[0];
  const platform = asString(json['platform']);
  return {
    name,
    image: asString(json['image']) ?? '',
    ...(platform === undefined ? {} : { platform }),
    dependsOn: entries(json['depends_on']).map(([service, item]) =>
      decodeDependency(service, asObject(item) ?? {}),
    ),
    ports: asArray(json['ports']).map((port) => decodePort(asObject(port) ?? {})),
    networks: Object.keys(asObject(json['networks']) ?? {}),
    healthcheck: test !== undefined && test !== 'NONE' && healthcheck?.['disable'] !== true,
    builds: json['build'] !== undefined,
  };
}

function decodeDependency(service: string, json: Json): Dependency {
  const condition = conditions.get(json['condition']) ?? 'started';
  return { service, condition, required: json['required'] !== false };
}

function decodePort(json: Json): PublishedPort {
  const published = Number(asString(json['published']));
  return {
    target: Number(asString(json['target'])),
    protocol: asString(json['protocol']) ?? 'tcp',
    ...(Number.isInteger(published) && published > 0 ? { published } : {}),
  };
}

/** The model's `x-paklog` as its file has it: Compose writes `$` as `$$` in the models that it prints. */
export function catalogueOf(model: Model): unknown {
  return mapTexts(model.json['x-paklog'], (text) => text.replaceAll('$$', () => '$'));
}

/** The key of the network that most services are on; `default` where none names any. */
export function sharedNetwork(model: Model): string {
  const counts = new Map<string, number>();
  for (const { networks } of model.services.values())
    for (const key of networks) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'default';
}

/** Docker's name of a network. */
export function networkName(model: Model, key: string): string {
  return asString(asObject(asObject(model.json['networks'])?.[key])?.['name']) ?? '';
}

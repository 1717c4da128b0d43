import { asArray, asObject, asString } from '../json.ts';

/** What matters of an engine for how it gets images. */
export interface EngineReach {
  /** Registries that it asks before docker.io. */
  readonly mirrors: readonly string[];
  /** Why it cannot be given images on this machine's loopback address; undefined where it can. */
  readonly apart?: string;
}

/**
 * Reads `docker info --format json` and where the client finds the engine. Whether an engine shares the loopback address with
 * this process cannot be known for sure; where it surely does not, nothing is tried.
 */
export function engineReach(info: string, dockerHost: string): EngineReach {
  const json = parsed(info);
  const mirrors = asArray(asObject(json['RegistryConfig'])?.['Mirrors']).flatMap(
    (each) => asString(each) ?? [],
  );
  const apart = whyApart(json, dockerHost);
  return {
    mirrors: mirrors.map((mirror) => mirror.replace(/\/+$/, '')),
    ...(apart === undefined ? {} : { apart }),
  };
}

const loopback = /^tcp:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/;

function whyApart(json: Readonly<Record<string, unknown>>, dockerHost: string): string | undefined {
  if (Object.keys(json).length === 0) return 'the engine does not tell what it is';
  if (/^(tcp|ssh|https?):/.test(dockerHost) && !loopback.test(dockerHost))
    return 'DOCKER_HOST is another machine';
  const context = asString(asObject(json['ClientInfo'])?.['Context']) ?? 'default';
  if (dockerHost === '' && context !== 'default')
    return `the Docker context ${context} may be another machine`;
  if (asArray(json['SecurityOptions']).some((option) => /rootless/.test(asString(option) ?? '')))
    return 'the engine is rootless and has a network of its own';
  return /Docker Desktop/.test(asString(json['OperatingSystem']) ?? '')
    ? 'Docker Desktop runs in a virtual machine'
    : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

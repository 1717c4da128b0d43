import { imageRule } from '../mirror.ts';

/** An image's name in the parts that a registry's API needs. */
export interface ImageName {
  /** `docker.io` where the name has none. */
  readonly registry: string;
  readonly repository: string;
  /** A tag, or a digest. */
  readonly reference: string;
}

/** Reads a name as Docker does: what stands before the first `/` is a registry if it has a dot or a port, or is `localhost`. */
export function parseImageName(image: string): ImageName | undefined {
  const { host = 'docker.io', path = '', tag = ':latest', digest } = imageRule.exec(image)?.groups ?? {};
  if (path === '') return undefined;
  const registry = host === 'index.docker.io' ? 'docker.io' : host;
  const official = registry === 'docker.io' && !path.includes('/');
  const reference = (digest ?? tag).slice(1);
  return { registry, repository: official ? `library/${path}` : path, reference };
}

/**
 * The addresses to ask for an image, in order. The engine's mirrors are for docker.io alone, and only a registry on this
 * machine may do without TLS.
 */
export function registryAddresses(registry: string, mirrors: readonly string[]): readonly string[] {
  if (registry === 'docker.io') return [...mirrors, 'https://registry-1.docker.io'];
  const local = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(registry);
  return [`${local ? 'http' : 'https'}://${registry}`];
}

/** An image's name in the parts that a registry's API needs. */
export interface ImageName {
  /** `docker.io` where the name has none. */
  readonly registry: string;
  readonly repository: string;
  /** A tag, or a digest. */
  readonly reference: string;
}

const rule = /^(?<path>[a-z0-9._/-]+)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Reads a name as Docker does: what stands before the first `/` is a registry if it has a dot or a port, or is `localhost`. */
export function parseImageName(image: string): ImageName | undefined {
  const [first = '', ...others] = image.split('/');
  const hosted = others.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hosted ? first.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  const { path = '', tag = 'latest', digest } = rule.exec(hosted ? others.join('/') : image)?.groups ?? {};
  if (path === '') return undefined;
  const official = registry === 'docker.io' && !path.includes('/');
  return { registry, repository: official ? `library/${path}` : path, reference: digest ?? tag };
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

import { asObject, entries, type Json } from './json.ts';

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const port = '(?::\\d{1,5})?';
/** A host that Docker takes for a registry: it has a dot or a port, or is `localhost`. */
const registry = `(?:localhost${port}|[a-z0-9-]+(?:\\.[a-z0-9-]+)+${port}|[a-z0-9-]+:\\d{1,5})`;
const prefixRule = new RegExp(`^${registry}(?:/${part})*$`);
/** Docker's grammar of a name (its reference package), with hosts in lower case alone. */
export const imageRule = new RegExp(
  `^(?:(?<host>${registry})/)?(?<path>${part}(?:/${part})*)(?<tag>:\\w[\\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$`,
);
/** Docker's own names for the registry that a name without one means. */
const dockerHub = ['docker.io', 'index.docker.io'];

/** Why a text is no registry, or place in one, that images of docker.io could be pulled from; undefined where it is. */
export function mirrorProblem(prefix: string): string | undefined {
  if (!prefixRule.test(prefix))
    return 'is not a registry such as `ghcr.io/acme/mirror` or `127.0.0.1:5000` (lower case, without `https://` and a last `/`)';
  return dockerHub.includes(prefix) ? 'is where these images come from, not a mirror' : undefined;
}

/**
 * The name that a mirror has for an image of docker.io: `<prefix>/<repository>`, official images below `library/`, tag and
 * digest as they are. Undefined for an image of another registry.
 */
export function mirrorName(image: string, prefix: string): string | undefined {
  const { host = 'docker.io', path = '', tag = '', digest = '' } = imageRule.exec(image)?.groups ?? {};
  if (path === '' || !dockerHub.includes(host)) return undefined;
  return `${prefix}/${path.includes('/') ? path : `library/${path}`}${tag}${digest}`;
}

/** A name with a digest is nobody's to give: only a pull from that very repository makes it. */
export function hasDigest(image: string): boolean {
  return image.includes('@');
}

/** The Compose model with other images for some of its services. */
export function withImages(model: Json, images: ReadonlyMap<string, string>): Json {
  const services = entries(model['services']).map(([name, service]) => {
    const image = images.get(name);
    return [name, image === undefined ? service : { ...asObject(service), image }] as const;
  });
  return { ...model, services: Object.fromEntries(services) };
}

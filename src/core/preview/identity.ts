import type { Json } from '../json.ts';
import { asString } from '../json.ts';

/** Whose a thing on an engine is, and until when. Its labels are the only record of a preview. */
export interface Mark {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  /** The head of the pull request for which the thing was made. */
  readonly commit: string;
  /** GitHub's deployment environment. */
  readonly environment: string;
  /** RFC 3339. */
  readonly created: string;
  readonly expires: string;
}

const prefix = 'org.paklog.preview';
export const repositoryLabel = `${prefix}.repository`;
export const projectLabel = `${prefix}.project`;

/** Characters of a repository's name in the names of its previews; Swarm's names of services have 63 in all. */
const longestSlug = 24;

/** The Compose project, or the stack, of a pull request: `preview-<repository>-pr-<number>`. */
export function projectOf(repository: string, number: number): string {
  return `preview-${nameOf(repository, number)}`;
}

/** What a preview is called in host names: `<repository>-pr-<number>`. */
export function nameOf(repository: string, number: number): string {
  const [, name = repository] = repository.split('/');
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const short =
    slug.length <= longestSlug ? slug : `${slug.slice(0, longestSlug - 5)}-${checksum(repository)}`;
  return `${short || 'repository'}-pr-${number}`;
}

/** Four letters and digits that tell apart texts whose beginnings are the same (FNV-1a). */
export function checksum(text: string): string {
  return spread(text).toString(36).padStart(4, '0').slice(-4);
}

/** A number from 0 to 2^32 - 1 that is the same for the same text (FNV-1a). */
export function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

export function labelsOf(mark: Mark, project: string): Readonly<Record<string, string>> {
  return {
    [projectLabel]: project,
    [repositoryLabel]: mark.repository,
    [`${prefix}.pull-request`]: String(mark.number),
    [`${prefix}.commit`]: mark.commit,
    [`${prefix}.environment`]: mark.environment,
    [`${prefix}.created`]: mark.created,
    [`${prefix}.expires`]: mark.expires,
  };
}

/** The mark that labels carry; undefined for things that are no preview's. */
export function markOf(labels: Json): Mark | undefined {
  const text = (name: string) => asString(labels[`${prefix}.${name}`]) ?? '';
  const number = Number(text('pull-request'));
  if (text('repository') === '' || !Number.isInteger(number) || number < 1) return undefined;
  return {
    repository: text('repository'),
    number,
    commit: text('commit'),
    environment: text('environment'),
    created: text('created'),
    expires: text('expires'),
  };
}

/** RFC 3339 to the second. `moment` is in milliseconds since 1970. */
export function timestamp(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
}

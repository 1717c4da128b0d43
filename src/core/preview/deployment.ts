import type { Json } from '../json.ts';
import type { Exposure } from './exposure.ts';
import type { Mark } from './identity.ts';
import type { PlaceName, Reach } from './inputs.ts';
import type { Source } from './mounts.ts';

/** All that a preview is rendered from. */
export interface Deployment {
  readonly project: string;
  /** In host names. */
  readonly name: string;
  readonly place: PlaceName;
  /** What Compose has resolved. */
  readonly model: Json;
  /** Those that take part. */
  readonly services: readonly string[];
  /** Those that the caller's files bring. */
  readonly own: readonly string[];
  /** The network that services share; those of the caller without one of their own join it. */
  readonly network: string;
  readonly images: ReadonlyMap<string, string>;
  readonly registry: string;
  readonly exposures: readonly Exposure[];
  readonly reach: Reach;
  /** Host ports by `service:port`; empty behind a proxy. */
  readonly ports: ReadonlyMap<string, number>;
  /** What was found at the sources of binds. */
  readonly sources: ReadonlyMap<string, Source>;
  /** This run's mark. */
  readonly mark: Mark;
  /** That of what is there already: what does not change must not be made again for the sake of a label. */
  readonly settled: Mark;
}

/** The key of an exposure in `ports`. */
export function door({ service, port }: Pick<Exposure, 'service' | 'port'>): string {
  return `${service}:${port}`;
}

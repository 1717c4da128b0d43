import type { Expectation, Part } from '../bytes.ts';
import type { DeclaredInput } from './declared-inputs.ts';

/** One address of a system: a container port, how its URL reads, and what it is called outside. */
export interface Endpoint {
  readonly name: string;
  /** The container's port that is published on the host. */
  readonly port: number;
  /** The port that containers on the network use; differs where a system listens for each side. */
  readonly insidePort: number;
  /** A template: `{host}`, `{port}`, `{address}`. */
  readonly url: string;
  readonly output?: string;
  /** Environment names and value templates, by set. */
  readonly env: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface CheckTarget {
  /** The Compose service whose endpoint is asked. */
  readonly system: string;
  readonly endpoint: string;
}

export interface HttpCheck extends CheckTarget {
  readonly kind: 'http';
  readonly path: string;
  readonly status: number;
  readonly body?: RegExp;
  /** `name:password` for basic authentication. */
  readonly user?: string;
}

export interface TcpCheck extends CheckTarget {
  readonly kind: 'tcp';
  readonly exchange: readonly { readonly send: readonly Part[]; readonly expect: Expectation }[];
}

export type Check = HttpCheck | TcpCheck;

/** A cause that a failure of a system may have, and how it shows. Every condition that is given has to hold. */
export interface KnownCause {
  /** The code of the failure once the cause is known, e.g. `DISK_FULL`; docs/troubleshooting.md has a section for each. */
  readonly code: string;
  /** A line of the log matches. */
  readonly log?: RegExp;
  /** No line of the log matches. */
  readonly unless?: RegExp;
  /** The line that is shown to a person; default: the one that `log` has found. */
  readonly quote?: RegExp;
  /** What the probe heard last matches. */
  readonly answer?: RegExp;
  /** The container ended with one of these. */
  readonly exitCodes?: readonly number[];
  /** Both may hold `{system}` and `{1}`, the first group that `log` or `answer` has found. */
  readonly why: string;
  readonly advice: string;
}

/** How a system's JVM takes its options. */
export interface Jvm {
  /** The environment variable whose options reach the system's own JVM and no other. */
  readonly variable: string;
  /** Options that the file gives for a quick start, by variable; `jvm: throughput` takes them out. */
  readonly startup: ReadonlyMap<string, readonly string[]>;
}

/** What the catalogue knows of a Compose service. */
export interface System {
  readonly name: string;
  readonly title: string;
  readonly group?: string;
  readonly endpoints: readonly Endpoint[];
  /** Checks from the host, in order; empty where the service's own health check decides. */
  readonly probe: readonly Check[];
  /** What its failures are known to come from, the most telling first. */
  readonly causes?: readonly KnownCause[];
  /** None where the system runs in no JVM. */
  readonly jvm?: Jvm;
}

/** The top-level `x-paklog` map of a Compose model (docs/catalogue.md). */
export interface Catalogue {
  readonly systems: ReadonlyMap<string, System>;
  readonly inputs: readonly DeclaredInput[];
}

export const emptyCatalogue: Catalogue = { systems: new Map(), inputs: [] };

/** The entry of a service; a service that no catalogue names has no endpoints and no probe. */
export function systemOf(catalogue: Catalogue, service: string): System {
  return catalogue.systems.get(service) ?? { name: service, title: service, endpoints: [], probe: [] };
}

/** The systems of every group, in the catalogue's order. */
export function groups(catalogue: Catalogue): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name, group } of catalogue.systems.values()) {
    if (group === undefined) continue;
    found.set(group, [...(found.get(group) ?? []), name]);
  }
  return found;
}

/** The endpoint that a check asks, or undefined where the catalogue has none of that name. */
export function endpointOf(catalogue: Catalogue, check: Check): Endpoint | undefined {
  return catalogue.systems.get(check.system)?.endpoints.find(({ name }) => name === check.endpoint);
}

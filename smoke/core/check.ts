import type { CommandResult } from '../../src/core/command.ts';

/** One promise of the stack, and the round trip that proves it. */
export interface Check {
  /** `<system>.<what>`, in lower case with hyphens, such as `kafka.transactions`. */
  readonly id: string;
  /** The heading under which people look for it; one of `systems` in checks/all.ts. */
  readonly system: string;
  /** What is promised, as one sentence for people. */
  readonly promise: string;
  /** Compose services that the round trip uses. */
  readonly needs: readonly string[];
  /** Services among them that other checks cannot use meanwhile, such as one that is restarted. */
  readonly disturbs?: readonly string[];
  /** Milliseconds from its own start. */
  readonly deadline: number;
  /** How the stack has to be set up; otherwise nothing is promised. */
  readonly option?: Option;
  /** Why it cannot pass where the image of a service is a stand-in (docs/test-images.md), by service. */
  readonly standIns?: Readonly<Record<string, string>>;
  /**
   * Ends well when the promise holds.
   * @throws BrokenPromise
   */
  run(stack: Stack, signal: AbortSignal): Promise<void>;
}

export interface Option {
  /** What it takes, in words: `mongodb-replica-set`. */
  readonly needs: string;
  isOn(services: Services): boolean;
}

/** The promise does not hold: this was asked, and that came back. */
export class BrokenPromise extends Error {
  readonly request: string;
  readonly answer: string;

  constructor(request: string, answer: string) {
    super(`${request}: ${answer}`);
    this.name = 'BrokenPromise';
    this.request = request;
    this.answer = answer;
  }
}

export interface Address {
  readonly host: string;
  readonly port: number;
  /** As the catalogue writes it: `localhost:9092`, `redis://localhost:6379`. */
  readonly url: string;
}

/** Where an endpoint is reached from the host, and from containers on the stack's network. */
export interface Endpoint extends Address {
  readonly network: Address;
}

export interface Service {
  readonly image: string;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
}

/** The output `services` of the action. */
export type Services = Readonly<Record<string, Service>>;

/** A running stack. */
export interface Stack {
  /** The Compose project. */
  readonly project: string;
  /** Lower-case letters and digits that are new in every run, for names of topics, keys, tables and the like. */
  readonly id: string;
  readonly services: Services;
  readonly containers: Containers;
}

/** What has to happen inside the stack. A command that fails is a result, too: `answered` in asking.ts judges it. */
export interface Containers {
  /** Runs a program in the container of a service. */
  execute(service: string, argv: readonly string[], signal: AbortSignal): Promise<CommandResult>;
  /** Runs a program of a service's image in a container of its own on the stack's network, which is removed after it. */
  beside(service: string, argv: Argv, signal: AbortSignal): Promise<CommandResult>;
  /** Stops and starts the container of a service; it need not work yet when this is done. */
  restart(service: string, signal: AbortSignal): Promise<CommandResult>;
}

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];

/**
 * An endpoint of a service.
 * @throws BrokenPromise where the stack has none of that name
 */
export function endpointOf({ services }: Pick<Stack, 'services'>, service: string, name: string): Endpoint {
  const endpoint = services[service]?.endpoints[name];
  if (endpoint !== undefined) return endpoint;
  const known = Object.keys(services[service]?.endpoints ?? {}).join(', ');
  throw new BrokenPromise(
    `the endpoint ${name} of ${service}`,
    `the stack has none; it has: ${known || 'nothing'}`,
  );
}

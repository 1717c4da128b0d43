import type { Mark } from '../../src/core/preview/identity.ts';
import type { PullRequest } from '../../src/core/preview/pull-request.ts';
import type { LeftoverKind } from '../../src/io/docker.ts';

/** What a container does once it has been started. Times are virtual milliseconds from its start. */
export interface Behaviour {
  /** From then on probes pass; absent: never. */
  readonly answersAfter?: number;
  /** What a probe hears before. */
  readonly says?: string;
  readonly exits?: { readonly after: number; readonly code: number; readonly oom?: boolean };
  /** A restart policy: every exit is followed by a start. */
  readonly restarts?: boolean;
  /** What its own health check says once it answers. */
  readonly health?: 'healthy' | 'unhealthy';
  readonly log?: string;
  /** What `docker start` says when it fails. */
  readonly refusesStart?: string;
  /** What a command inside it says when it fails. */
  readonly refusesCommands?: string;
}

/** A pull: how long it takes, and what the registry says when it refuses: every time, or the first times. */
export interface PullBehaviour {
  readonly takes?: number;
  readonly refuses?: string | readonly string[];
}

/** An entry of the cache: how long it takes to come (virtual milliseconds), and whether it is no whole archive. */
export interface CachedEntry {
  readonly takes?: number;
  readonly broken?: boolean;
  /** It has another size than it had. */
  readonly cut?: boolean;
}

/** Something that carries the label of a project before the action runs. */
export interface Leftover {
  readonly kind: LeftoverKind;
  readonly id: string;
  /** `docker compose down` leaves it. */
  readonly clings?: boolean;
  /** Nothing removes it. */
  readonly stuck?: boolean;
}

/** Everything that a run of the action meets. */
export interface Scene {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Text by path; the stack's own file is `/stack/compose.yaml`, the workspace is `/w`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly services?: Readonly<Record<string, Behaviour>>;
  /** Images that are not on the machine yet. */
  readonly pulls?: Readonly<Record<string, PullBehaviour>>;
  /** Ports that are taken, and the container that holds each; an empty name for a process. */
  readonly taken?: Readonly<Record<number, string>>;
  /** What `docker` or `docker compose` says instead of doing its work. */
  readonly engineSays?: string;
  readonly composeSays?: string;
  readonly configSays?: string;
  /** What `docker compose config` prints instead of a model. */
  readonly configPrints?: string;
  readonly createSays?: string;
  /** Virtual milliseconds until the engine tells its version. */
  readonly engineTakes?: number;
  /** There is no `docker` program. */
  readonly noDocker?: boolean;
  readonly composeVersion?: string;
  /** Events of the engine get lost. */
  readonly deaf?: boolean;
  /** The bind address is none of this machine. */
  readonly foreignAddress?: boolean;
  /** What `docker compose run` says when it fails, and the file that it leaves, with its text. */
  readonly runSays?: string;
  readonly runLeaves?: readonly [file: string, text: string];
  /** The environment of every image. */
  readonly imageEnv?: Readonly<Record<string, string>>;
  /** What the cache has for a key. */
  readonly cached?: (key: string) => CachedEntry | undefined;
  /** Whether this run may take from the cache, and give to it; default: neither. */
  readonly cacheUse?: 'off' | 'read' | 'write';
  /** What a build says that fails. */
  readonly buildSays?: string;
  /** Pull requests as GitHub has them; it does not know others. */
  readonly pullRequests?: Readonly<Record<number, Partial<PullRequest>>>;
  /** Previews that the engine has. */
  readonly standing?: readonly { readonly project: string; readonly mark: Mark }[];
  /** What an earlier phase saved. */
  readonly state?: string;
  readonly leftovers?: readonly Leftover[];
  readonly stuckFolder?: boolean;
  /** Virtual milliseconds until the engine tells what it knows of containers, and until an upload is done. */
  readonly evidenceTakes?: number;
  readonly uploadTakes?: number;
  /** What the artifact service says of a name that it refuses. */
  readonly uploadRefuses?: Readonly<Record<string, string>>;
  /** No file can be written. */
  readonly fullDisk?: boolean;
  /** What is answered to a file that is sent to a path, where it is refused. */
  readonly refusedPosts?: Readonly<Record<string, string>>;
  /** Somebody looks at a terminal. */
  readonly terminal?: boolean;
}

/** What the action did to the world. */
export interface Seen {
  /** Every effect in its order, e.g. `state`, `create a b`, `start a`, `output x=1`. */
  readonly effects: string[];
  readonly annotations: { readonly title: string; readonly text: string }[];
  readonly infos: string[];
  readonly notices: string[];
  readonly warnings: string[];
  /** Log groups in the order in which they were opened, `end` where one was closed. */
  readonly groups: string[];
  /** What a terminal showed, one picture after another. */
  readonly drawn: (readonly string[])[];
  readonly summaries: string[];
  readonly uploads: { readonly name: string; readonly files: readonly string[] }[];
  /** Text that came from elsewhere, by its title. */
  readonly foreign: Map<string, string>;
  readonly outputs: Map<string, string>;
  readonly exported: Map<string, string>;
  readonly files: Map<string, string>;
  saved: string;
}

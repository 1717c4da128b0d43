import type { Json } from '../core/json.ts';
import type { Deployment } from '../core/preview/deployment.ts';
import type { Taken } from '../core/preview/host-ports.ts';
import type { Mark } from '../core/preview/identity.ts';
import type { PreviewUrl } from '../core/preview/state.ts';

/** What is there of a preview. */
export interface Standing {
  readonly project: string;
  /** Those of all its things, each once. */
  readonly marks: readonly Mark[];
}

/** A preview that is about to run. */
export interface Launch {
  readonly deployment: Deployment;
  /** The Compose model as it will run. */
  readonly rendered: Json;
  /** The run's folder. */
  readonly directory: string;
  /** Aborts at the deadline, and where the job is cancelled. */
  readonly signal: AbortSignal;
  /** Milliseconds, for messages. */
  readonly timeout: number;
}

/** Where previews run. */
export interface Place {
  /** Every preview that has these labels. @throws UserError */
  standing(labels: readonly string[]): Promise<readonly Standing[]>;
  /** Ports of the host that are in use. @throws UserError */
  taken(): Promise<readonly Taken[]>;
  /** Refuses what cannot run here. @throws UserError */
  check(deployment: Deployment): Promise<void>;
  /** Brings a preview up, or makes it what it is to be now, and returns once everything in it works. @throws UserError */
  launch(launch: Launch): Promise<void>;
  /** Where a preview that works is reached. */
  urls(deployment: Deployment): Promise<readonly PreviewUrl[]>;
  /** What tells of services whose containers are elsewhere: files for the evidence, and the log of one. */
  readonly remote?: {
    log(project: string, service: string): Promise<string>;
    records(project: string): Promise<readonly { readonly name: string; readonly text: string }[]>;
  };
  /** Takes a preview down with its data. Gives what is left, in words; empty where nothing is. */
  takeDown(project: string): Promise<string>;
}

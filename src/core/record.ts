import type { Failure } from './errors.ts';
import type { ImageRecord } from './images/image-record.ts';

/** Where an image came from. */
export type ImageSource = 'local' | 'pulled' | 'built';

/** How far a system got while the stack came up. */
export type Stage = 'waiting' | 'pulling' | 'created' | 'starting' | 'works' | 'failed';

/** What a probe was answered, from this moment on. An empty answer is a check that passed. */
export interface ProbeChange {
  /** Milliseconds from the start of the action. */
  readonly at: number;
  readonly answer: string;
}

/** One system in a run. All moments are milliseconds from the start of the action. */
export interface SystemRecord {
  readonly service: string;
  readonly title: string;
  readonly image: string;
  readonly source: ImageSource;
  /** Services that had to work, or to start, before this one could start. */
  readonly after: readonly string[];
  readonly stage: Stage;
  readonly pullStartedAt?: number;
  readonly pulledAt?: number;
  readonly startedAt?: number;
  readonly worksAt?: number;
  /** Addresses as the host sees them. */
  readonly urls: readonly string[];
  /** Answers in the order in which they changed, the newest last; the oldest are left out beyond a limit. */
  readonly probes: readonly ProbeChange[];
}

/** The engine a run used. */
export interface EngineRecord {
  readonly version: string;
  readonly api: string;
  readonly architecture: string;
  readonly compose: string;
}

/** Bringing a stack up, as main leaves it for post and for the report. */
export interface RunRecord {
  readonly project: string;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly began: number;
  /** Milliseconds that main took. */
  readonly took: number;
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly failure?: Failure;
  readonly engine?: EngineRecord;
  readonly systems: readonly SystemRecord[];
  /** How every image came; absent where the run did not come so far. */
  readonly images?: readonly ImageRecord[];
  /** Whether the repository's cache was used, and why; a sentence. */
  readonly cache?: string;
  readonly warnings: readonly string[];
}

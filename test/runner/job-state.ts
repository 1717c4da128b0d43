import type { Grace } from './child.ts';
import { holds, type JobStatus } from './condition.ts';
import type { Folders } from './environment.ts';
import type { Execution } from './execution.ts';
import type { Masks } from './masks.ts';
import type { RunStep, StepResult, UseStep } from './steps.ts';

/** A step as the job runs it: the main and the post of an action are two, with one state between them. */
export interface Stage {
  readonly step: UseStep | RunStep;
  readonly part: 'main' | 'post';
  readonly condition: string;
  readonly state: Map<string, string>;
}

export interface Job {
  readonly folders: Folders;
  readonly host: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<string, string>>;
  readonly event: unknown;
  readonly runner: Readonly<Record<string, string>>;
  readonly strategy: Readonly<Record<string, unknown>>;
  readonly matrix: Readonly<Record<string, unknown>> | undefined;
  /** What only actions are told: the addresses of the artifact and cache services. */
  readonly actionEnv: Readonly<Record<string, string>>;
  readonly grace: Grace;
  readonly debug: boolean;
  readonly masks: Masks;
  readonly write: (stage: Stage, line: string) => void;
  /** Everything below grows or changes while the job runs. */
  readonly env: Map<string, string>;
  readonly path: string[];
  readonly outputs: Map<string, StepResult['outputs']>;
  readonly posts: Stage[];
  status: JobStatus;
  died: boolean;
  running:
    | { readonly condition: string; readonly cancel: () => void; readonly kill: Execution['kill'] }
    | undefined;
}

/** A running step whose condition still holds in a cancelled job, such as a post with `always()`, goes on. */
export function stopRunningIfDue(job: Job): void {
  if (job.died) job.running?.kill('tree');
  else if (job.status === 'cancelled' && job.running && !holds(job.running.condition, 'cancelled')) {
    job.running.cancel();
  }
}

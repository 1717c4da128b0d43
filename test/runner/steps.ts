import type { JobStatus } from './condition.ts';
import type { Annotation } from './step-log.ts';

interface StepOptions {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly continueOnError?: boolean;
  readonly timeoutMinutes?: number;
}

interface CommonStep {
  readonly id: string;
  readonly name: string;
  readonly if: string;
  readonly env: Readonly<Record<string, string>>;
  readonly continueOnError: boolean;
  readonly timeoutMinutes: number | undefined;
}

export interface UseStep extends CommonStep {
  readonly kind: 'use';
  /** The folder of the action.yml. */
  readonly action: string;
  readonly with: Readonly<Record<string, string>>;
}

export interface RunStep extends CommonStep {
  readonly kind: 'run';
  readonly body: readonly string[] | StepBody;
}

/** A step that is a function: it throws to fail, and starts programs through `exec` so that the runner knows them. */
export type StepBody = (shell: Shell) => Promise<void> | void;

export interface Shell {
  readonly env: Readonly<Record<string, string>>;
  /** Of the steps before this one, by their ids. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly workspace: string;
  readonly temp: string;
  /** Aborted when the step is cancelled or killed. */
  readonly signal: AbortSignal;
  /** Output goes to the log, commands in it are obeyed. Throws when the program fails, unless told to `tolerate` that. */
  exec(argv: readonly string[], how?: { readonly tolerate?: boolean }): Promise<Executed>;
  print(line: string): void;
}

interface Executed {
  readonly code: number | undefined;
  readonly output: string;
}

export type StepOutcome = JobStatus | 'skipped';

export interface StepResult {
  readonly id: string;
  readonly name: string;
  readonly stage: 'main' | 'post';
  /** Before `continue-on-error`. */
  readonly outcome: StepOutcome;
  readonly conclusion: StepOutcome;
  /** Nothing when a signal ended the process, or when it never ran. */
  readonly exitCode: number | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  readonly summary: string;
  readonly log: readonly string[];
  readonly seconds: number;
  /** Of an action's own process without its children; nothing when a signal ended it. */
  readonly usage: { readonly cpuSeconds: number; readonly maxRssBytes: number } | undefined;
}

export function use(
  options: StepOptions & { readonly action: string; readonly with?: Readonly<Record<string, string>> },
): UseStep {
  const name = options.name ?? options.action;
  return {
    kind: 'use',
    ...complete(options, name, '__self'),
    action: options.action,
    with: options.with ?? {},
  };
}

export function run(name: string, body: readonly string[] | StepBody, options: StepOptions = {}): RunStep {
  return { kind: 'run', ...complete(options, options.name ?? name, name), body };
}

function complete(options: StepOptions, name: string, id: string): CommonStep {
  return {
    id: options.id ?? id,
    name,
    if: options.if ?? 'success()',
    env: options.env ?? {},
    continueOnError: options.continueOnError ?? false,
    timeoutMinutes: options.timeoutMinutes,
  };
}

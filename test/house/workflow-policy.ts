import { parse } from 'yaml';
import type { SourceFile, Violations } from './source.ts';

type Json = Readonly<Record<string, unknown>>;

/** A step of a workflow, as far as the rules look at it. */
export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Json;
  readonly env?: Json;
}

export interface Job {
  readonly 'timeout-minutes'?: unknown;
  readonly uses?: string;
  readonly secrets?: unknown;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function readWorkflow({ text }: SourceFile): Workflow {
  return parse(text) as Workflow;
}

/** What a workflow of this repository may not do, whatever linters say: one of its own faults is a fault in every caller. */
export function workflowFaults(file: SourceFile, actionInputs: readonly string[]): Violations {
  const workflow = readWorkflow(file);
  const rights = workflow.permissions;
  const none = typeof rights === 'object' && rights !== null && Object.keys(rights).length === 0;
  const events = typeof workflow.on === 'string' ? [workflow.on] : eventNames(workflow.on);
  return [
    ...(none ? [] : ['permissions at the top are not {}']),
    ...(events.includes('pull_request_target') ? ['runs on pull_request_target'] : []),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => jobFaults(name, job, actionInputs)),
    ...unpinned(file),
  ].map((what) => `${file.path}: ${what}`);
}

function eventNames(on: unknown): readonly unknown[] {
  return Array.isArray(on) ? on : Object.keys(on ?? {});
}

function jobFaults(name: string, job: Job, actionInputs: readonly string[]): Violations {
  const steps = job.steps ?? [];
  // A job that calls a workflow cannot have a time limit of its own.
  const unlimited = job.uses === undefined && job['timeout-minutes'] === undefined;
  return [
    ...(unlimited ? [`job ${name} has no timeout-minutes`] : []),
    ...(job.secrets === 'inherit' ? [`job ${name} hands every secret on`] : []),
    ...steps.flatMap((step, index) =>
      stepFaults(step, actionInputs).map((what) => `step ${index + 1} of job ${name} ${what}`),
    ),
  ];
}

function stepFaults(
  { uses = '', run = '', with: inputs = {} }: Step,
  actionInputs: readonly string[],
): Violations {
  const checkout = uses.startsWith('actions/checkout@');
  const unknown = uses === '$/' ? Object.keys(inputs).filter((name) => !actionInputs.includes(name)) : [];
  return [
    ...(run.includes('${{') ? ['has an expression in its script: hand the value over in env'] : []),
    ...(checkout && inputs['persist-credentials'] !== false ? ['leaves its credentials on disk'] : []),
    ...unknown.map((name) => `has an input that the action does not know, ${name}`),
  ];
}

const ownCommit = /^\$\/[^@]*$/;
const pinned = /^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** A tag can be moved, a commit cannot; the comment says which version it is. */
function unpinned({ text }: SourceFile): Violations {
  return usesIn(text)
    .filter((uses) => !ownCommit.test(uses) && !pinned.test(uses))
    .map((uses) => `${uses} is no commit of 40 digits with its version as comment, nor this repository ($/)`);
}

/** The values of `uses`, comments included. */
function usesIn(text: string): readonly string[] {
  return [...text.matchAll(/^[\s-]*uses:[ \t]*(\S.*?)\s*$/gm)].map(([, value = '']) => value);
}

/** Examples show what a caller writes: tags of major versions, and never all secrets. */
export function exampleFaults({ path, text }: SourceFile): Violations {
  const tagged = /^[\w-]+\/[\w./-]+@v\d+$/;
  const odd = usesIn(text).filter((uses) => !tagged.test(uses));
  return [
    ...odd.map((uses) => `${path}: ${uses} is no major version, such as @v1`),
    ...(/secrets:\s*inherit/.test(text) ? [`${path}: hands every secret on`] : []),
  ];
}

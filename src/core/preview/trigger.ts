import type { Failure } from '../errors.ts';
import { asObject, asString, type Json } from '../json.ts';
import type { PreviewInputs } from './inputs.ts';

/** The event that has started the workflow, as far as it decides. */
export interface Trigger {
  readonly event: string;
  readonly action: string;
  /** 0 where the event is about no pull request. */
  readonly number: number;
  readonly head: string;
  readonly open: boolean;
  /** The pull request comes from another repository. */
  readonly fork: boolean;
}

/** What a run has to do. */
export type Task =
  | { readonly kind: 'up'; readonly number: number; readonly commit: string }
  | { readonly kind: 'down'; readonly number: number }
  | { readonly kind: 'reap' }
  | { readonly kind: 'skip'; readonly why: string };

/** Reads GitHub's event; `payload` is the file's JSON. */
export function readTrigger(event: string, payload: Json): Trigger {
  const pull = asObject(payload['pull_request']) ?? {};
  const head = asObject(pull['head']) ?? {};
  const base = asObject(pull['base']) ?? {};
  const from = asString(asObject(head['repo'])?.['full_name']);
  return {
    event,
    action: asString(payload['action']) ?? '',
    number: Number(asString(pull['number']) ?? 0),
    head: asString(head['sha']) ?? '',
    open: pull['state'] === 'open',
    // A fork that has been deleted since has no repository any more.
    fork: pull['number'] !== undefined && from !== asString(asObject(base['repo'])?.['full_name']),
  };
}

const brings = ['opened', 'reopened', 'synchronize', 'ready_for_review'];
const sweeps = ['schedule', 'workflow_dispatch'];

/** Decides what to do, or says why nothing must be done. A fork's code never comes here by an event of its own. */
export function decide(inputs: PreviewInputs, trigger: Trigger): Task | Failure {
  if (trigger.event === 'pull_request_target' || trigger.event === 'workflow_run')
    return refused(trigger.event);
  const number = inputs.pullRequest || trigger.number;
  const command = inputs.command === 'auto' ? usual(inputs, trigger) : inputs.command;
  if (command === undefined)
    return { kind: 'skip', why: `Nothing to do for ${[trigger.event, trigger.action].join(' ').trim()}.` };
  if (command === 'reap') return { kind: 'reap' };
  if (trigger.fork && trigger.event === 'pull_request') return { kind: 'skip', why: forked(number) };
  if (number === 0) return missing('pull-request', 'the number of the pull request');
  if (command === 'down') return { kind: 'down', number };
  const commit = inputs.commit || (inputs.pullRequest === 0 || number === trigger.number ? trigger.head : '');
  if (commit === '') return missing('commit', 'the commit that was looked at');
  return { kind: 'up', number, commit };
}

function usual(inputs: PreviewInputs, { event, action }: Trigger): 'up' | 'down' | 'reap' | undefined {
  if (event === 'pull_request') {
    if (action === 'closed') return 'down';
    return brings.includes(action) ? 'up' : undefined;
  }
  if (event === 'workflow_dispatch' && inputs.pullRequest !== 0) return 'up';
  return sweeps.includes(event) ? 'reap' : undefined;
}

function forked(number: number): string {
  return (
    `Pull request ${number} comes from a fork. Its code is not run by itself: it would run on your machines, beside your ` +
    'secrets. A maintainer who has read it starts the workflow by hand (workflow_dispatch), with the inputs ' +
    '`pull-request` and `commit`. The scheduled run takes such a preview down.'
  );
}

function refused(event: string): Failure {
  return {
    code: 'PREVIEW_EVENT_REFUSED',
    what: `Previews do not run on ${event}.`,
    why: 'It gives secrets and a token that may write to code that anybody may have sent.',
    advice:
      'Use `pull_request`, and `schedule` for what has expired. docs/previews.md has the whole workflow.',
  };
}

function missing(where: string, what: string): Failure {
  return {
    code: 'INPUT_INVALID',
    what: `${where}: this event does not say ${what}`,
    why: 'Only the events of a pull request carry it.',
    advice: `Set \`${where}\`. Nothing was started.`,
  };
}

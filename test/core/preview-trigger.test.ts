import { describe, expect, test } from 'vitest';
import { type PreviewInputs, parsePreviewInputs } from '../../src/core/preview/inputs.ts';
import { decide, readTrigger } from '../../src/core/preview/trigger.ts';

const head = 'a'.repeat(40);
const base = { repo: { full_name: 'octo/shop' } };
const own = { number: 7, state: 'open', head: { sha: head, repo: { full_name: 'octo/shop' } }, base };
const fork = { ...own, head: { sha: head, repo: { full_name: 'mallory/shop' } } };
const orphan = { ...own, head: { sha: head, repo: null } };

function decided(event: string, payload: object, given: Readonly<Record<string, string>> = {}) {
  const inputs: PreviewInputs = parsePreviewInputs(given).inputs;
  return decide(inputs, readTrigger(event, { ...payload }));
}

describe('what an event asks for', () => {
  test.each(['opened', 'reopened', 'synchronize', 'ready_for_review'])('%s brings up', (action) => {
    const task = { kind: 'up', number: 7, commit: head };
    expect(decided('pull_request', { action, pull_request: own })).toEqual(task);
  });

  test('closed takes down, and what changes no code does nothing', () => {
    expect(decided('pull_request', { action: 'closed', pull_request: own })).toEqual({
      kind: 'down',
      number: 7,
    });
    expect(decided('pull_request', { action: 'labeled', pull_request: own })).toMatchObject({ kind: 'skip' });
    expect(decided('push', {})).toMatchObject({ kind: 'skip', why: 'Nothing to do for push.' });
  });

  test('a schedule reaps, and so does a start by hand that names no pull request', () => {
    expect(decided('schedule', {})).toEqual({ kind: 'reap' });
    expect(decided('workflow_dispatch', {})).toEqual({ kind: 'reap' });
  });

  test('a start by hand brings up what was looked at, and has to say what that is', () => {
    const named = { 'pull-request': '9', commit: 'b'.repeat(40) };
    expect(decided('workflow_dispatch', {}, named)).toEqual({
      kind: 'up',
      number: 9,
      commit: 'b'.repeat(40),
    });
    const half = decided('workflow_dispatch', {}, { 'pull-request': '9' });
    expect(half).toMatchObject({ code: 'INPUT_INVALID', what: expect.stringContaining('commit') });
  });

  test('the head of one pull request is never taken for that of another', () => {
    const other = decided('pull_request', { action: 'opened', pull_request: own }, { 'pull-request': '8' });
    expect(other).toMatchObject({ code: 'INPUT_INVALID', what: expect.stringContaining('commit') });
  });

  test('a command goes before the event', () => {
    expect(decided('schedule', {}, { command: 'down', 'pull-request': '3' })).toEqual({
      kind: 'down',
      number: 3,
    });
    expect(decided('schedule', {}, { command: 'down' })).toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('a pull request from a fork', () => {
  test.each([
    ['opened', fork],
    ['synchronize', fork],
    ['closed', fork],
    ['opened', orphan],
  ])('does nothing by itself (%s)', (action, pull_request) => {
    expect(decided('pull_request', { action, pull_request })).toMatchObject({
      kind: 'skip',
      why: expect.stringContaining('workflow_dispatch'),
    });
  });

  test('does nothing either when the command says up', () => {
    const task = decided('pull_request', { action: 'opened', pull_request: fork }, { command: 'up' });
    expect(task).toMatchObject({ kind: 'skip' });
  });

  test.each(['pull_request_target', 'workflow_run'])('%s is refused, whatever is wanted', (event) => {
    for (const command of ['auto', 'up', 'down', 'reap'])
      expect(decided(event, { action: 'opened', pull_request: own }, { command })).toMatchObject({
        code: 'PREVIEW_EVENT_REFUSED',
      });
  });
});

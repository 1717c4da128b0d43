import { afterEach, describe, expect, test } from 'vitest';
import { type Mark, projectOf } from '../../src/core/preview/identity.ts';
import { closePreview } from '../../src/preview/down.ts';
import { reapPreviews } from '../../src/preview/reap.ts';
import { upPreview } from '../../src/preview/up.ts';
import { type Staged, stagePreview } from '../fakes/preview-stage.ts';

const head = 'a'.repeat(40);
const next = 'b'.repeat(40);
const task = { kind: 'up', number: 7, commit: head } as const;
const up = ({ session, place }: Staged) => upPreview(task, session, place);

function markOf(number: number, more: Partial<Mark> = {}): Mark {
  const dates = { created: '2023-11-01T00:00:00Z', expires: '2024-01-01T00:00:00Z' };
  return { repository: 'octo/shop', number, commit: head, environment: `e-${number}`, ...dates, ...more };
}

afterEach(() => {
  process.exitCode = 0;
});

describe('bringing a preview up', () => {
  test('asks first, tells that it begins, launches, asks again, and tells where it is', async () => {
    const staged = await stagePreview({ pullRequests: { 7: {} } });
    await up(staged);
    expect(staged.steps()).toEqual([
      ...['ask 7', 'status in_progress', 'launch preview-shop-pr-7'],
      ...['ask 7', 'status success'],
    ]);
    const { outputs } = staged.seen;
    expect(outputs.get('url')).toMatch(/^http:\/\/localhost:2\d{4}\/$/);
    expect(outputs.get('state')).toBe('ready');
  });

  test('of what is closed already takes down what is there, and begins nothing', async () => {
    const staged = await stagePreview({ pullRequests: { 7: { open: false } } });
    await up(staged);
    expect(staged.steps()).toEqual(['ask 7', 'take down preview-shop-pr-7']);
  });

  test('takes down again what was closed meanwhile', async () => {
    const staged = await stagePreview({ pullRequests: { 7: {} }, later: { open: false } });
    await up(staged);
    expect(staged.steps().slice(2)).toEqual([
      'launch preview-shop-pr-7',
      'ask 7',
      'take down preview-shop-pr-7',
    ]);
    expect(staged.seen.outputs.get('state')).toBe('closed');
  });

  test.each([
    ['before', { pullRequests: { 7: { head: next } } }, ['ask 7']],
    ['meanwhile', { pullRequests: { 7: {} }, later: { head: next } }, undefined],
  ])('leaves the word to the run of a newer push: %s', async (_, scene, steps) => {
    const staged = await stagePreview(scene);
    await up(staged);
    expect(staged.steps()).toEqual(steps ?? expect.not.arrayContaining(['status success']));
    expect(staged.seen.outputs.get('state')).toBe('superseded');
  });

  test('by hand refuses another head than was looked at', async () => {
    const staged = await stagePreview({ pullRequests: { 7: { head: next } }, inputs: { commit: head } });
    await expect(up(staged)).rejects.toMatchObject({ failure: { code: 'PREVIEW_HEAD_MOVED' } });
  });

  test('runs the code of a fork only when it was started by hand', async () => {
    const scene = { pullRequests: { 7: { fork: true } }, inputs: { commit: head } };
    const commented = await stagePreview({ ...scene, event: 'issue_comment' });
    await expect(up(commented)).rejects.toMatchObject({ failure: { code: 'PREVIEW_FORK_REFUSED' } });
    const started = await stagePreview({ ...scene, event: 'workflow_dispatch' });
    await up(started);
    expect(started.steps()).toContain('launch preview-shop-pr-7');
  });

  test('never touches the preview of another repository that has the same name', async () => {
    const standing = [{ project: projectOf('acme/shop', 7), mark: markOf(7, { repository: 'acme/shop' }) }];
    const staged = await stagePreview({ pullRequests: { 7: {} }, standing });
    await expect(up(staged)).rejects.toMatchObject({ failure: { code: 'PREVIEW_NAME_TAKEN' } });
    await closePreview(7, 'closed', staged.session, staged.place);
    expect(staged.steps()).toEqual(['ask 7']);
  });

  test('keeps the mark of the first day for what does not change', async () => {
    const standing = [{ project: 'preview-shop-pr-7', mark: markOf(7, { commit: next }) }];
    const staged = await stagePreview({ pullRequests: { 7: {} }, standing });
    await up(staged);
    expect(staged.launched()?.settled).toEqual(standing[0]?.mark);
    expect(staged.launched()?.mark).toMatchObject({ commit: head, created: '2023-11-01T00:00:00Z' });
  });

  test('that fails tells why, keeps evidence, and fails the step', async () => {
    const staged = await stagePreview({ pullRequests: { 7: {} }, refuses: 'web exited with code 3.' });
    await up(staged);
    expect(staged.steps()).toEqual([
      'ask 7',
      'status in_progress',
      'launch preview-shop-pr-7',
      'status failure',
    ]);
    expect(staged.seen.annotations).toMatchObject([{ text: expect.stringContaining('web exited') }]);
    expect(staged.seen.infos.join('\n')).toContain('files of evidence');
  });

  test('works with what the event says where GitHub does not answer', async () => {
    const staged = await stagePreview({ pullRequests: {} });
    await up(staged);
    expect(staged.seen.outputs.get('state')).toBe('ready');
    expect(staged.seen.warnings.join('\n')).toContain('GitHub says nothing');
  });
});

describe('reaping', () => {
  const standing = [
    { project: 'preview-shop-pr-1', mark: markOf(1, { expires: '2023-11-02T00:00:00Z' }) },
    { project: 'preview-shop-pr-2', mark: markOf(2) },
    { project: 'preview-shop-pr-3', mark: markOf(3) },
    { project: 'preview-shop-pr-4', mark: markOf(4) },
    { project: 'preview-bread-pr-5', mark: markOf(5, { repository: 'octo/bread', expires: '' }) },
  ];
  const pullRequests = { 1: {}, 2: { open: false }, 3: {} };

  test('takes down what is past its time and what is closed, and leaves what is open or unknown', async () => {
    const staged = await stagePreview({ standing, pullRequests });
    await reapPreviews(staged.session, staged.place);
    expect(staged.steps().filter((step) => step.startsWith('take'))).toEqual([
      'take down preview-shop-pr-1',
      'take down preview-shop-pr-2',
    ]);
    expect(staged.seen.warnings.join('\n')).toContain('preview-shop-pr-4 stays for now');
  });

  test('goes on after one that cannot be taken down, and fails in the end', async () => {
    const staged = await stagePreview({
      standing,
      pullRequests,
      left: { 'preview-shop-pr-1': '1 volume(s)' },
    });
    const reaping = reapPreviews(staged.session, staged.place);
    await expect(reaping).rejects.toMatchObject({ failure: { code: 'DOWN_INCOMPLETE' } });
    expect(staged.steps()).toContain('take down preview-shop-pr-2');
  });
});

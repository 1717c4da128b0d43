import { describe, expect, test } from 'vitest';
import { down } from '../../src/down.ts';
import { finish } from '../../src/finish.ts';
import { up } from '../../src/up.ts';
import { stackFile } from '../fakes/run.ts';
import type { Scene, Seen } from '../fakes/scene.ts';
import { fakeWorld } from '../fakes/world.ts';

const store = { answersAfter: 0, log: 'store is open\nthe secret is s3cr3t-word' };
const usual: Scene = {
  inputs: { services: 'store', 'project-name': 'p', 'job-status': 'failure' },
  services: { store },
  variables: { ACTIONS_RESULTS_URL: 'https://results.example', GITHUB_SERVER_URL: 'https://github.com' },
};

/** A whole job of the action in memory: main, time that passes, post. */
async function runJob(given: Scene, between = 1000): Promise<Seen> {
  const scene: Scene = {
    ...usual,
    ...given,
    inputs: { ...usual.inputs, ...given.inputs },
    variables: { ...usual.variables, ...given.variables },
    files: { '/stack/compose.yaml': stackFile, ...given.files },
  };
  const { world, seen, clock, artifacts } = fakeWorld(scene);
  const before = process.exitCode;
  await up(world, new AbortController().signal);
  await clock.sleep(between);
  process.exitCode = before;
  await finish(world, artifacts);
  expect(process.exitCode).toBe(before);
  return seen;
}

const logFile = '/tmp/logs/p/store/log.txt';

describe('evidence', () => {
  test('comes before the teardown, the upload after it', async () => {
    const seen = await runJob({});
    const order = seen.effects.filter((effect) => /^(make|down|upload|remove)/.test(effect));
    expect(order).toEqual([
      'make /tmp/p',
      'make /tmp/logs/p',
      'down p',
      'remove /tmp/p',
      'upload infra-logs-test-1-ab12',
      'remove /tmp/p.cache',
    ]);
    expect(seen.files.get(logFile)).toContain('store is open');
    expect(seen.uploads[0]?.files).toContain(logFile);
    expect(seen.warnings).toEqual([]);
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['a job that failed', { 'job-status': 'failure' }, true],
    ['a job that was cancelled', { 'job-status': 'cancelled' }, true],
    ['a job that went well', { 'job-status': 'success' }, false],
    ['a job that went well, with `always`', { 'job-status': 'success', logs: 'always' }, true],
    ['a job that failed, with `never`', { logs: 'never' }, false],
    ['a runner that does not tell', { 'job-status': '' }, false],
  ])('%s', async (_, inputs, kept) => {
    const seen = await runJob({ inputs });
    expect([seen.uploads.length > 0, seen.files.has(logFile)]).toEqual([kept, kept]);
    expect(seen.effects).toContain('down p');
  });

  test('is kept of a stack that failed, whatever the job says of itself', async () => {
    const services = { store: { ...store, exits: { after: 0, code: 1 } } };
    const seen = await runJob({ services, inputs: { 'job-status': 'success' } });
    expect(seen.uploads).toHaveLength(1);
    expect(JSON.parse(seen.files.get('/tmp/logs/p/report.json') ?? '')).toMatchObject({
      outcome: 'failure',
      failure: { code: 'SERVICE_EXITED', system: 'store' },
    });
  });

  test('shows no secret of the model', async () => {
    const files = {
      '/w/own.yaml': 'services: { store: { environment: { APP_TOKEN: s3cr3t-word } } }',
    };
    const seen = await runJob({ files, inputs: { 'compose-files': 'own.yaml' } });
    expect(seen.files.get(logFile)).toContain('the secret is ***');
    const written = [...seen.files].filter(([path]) => path.startsWith('/tmp/logs/'));
    expect(written.filter(([, text]) => text.includes('s3cr3t-word'))).toEqual([]);
  });

  test('shows what every log is full of, though a password is made of it', async () => {
    const environment = '{ APP_PASSWORD: store, ROOT_PASSWORD: root }';
    const files = { '/w/own.yaml': `services: { store: { image: "store:1", environment: ${environment} } }` };
    const services = { store: { ...store, log: 'store runs as root' } };
    const seen = await runJob({ files, services, inputs: { 'compose-files': 'own.yaml' } });
    expect(seen.files.get(logFile)).toContain('store runs as root');
  });

  test('stays on the machine where there is no artifact service', async () => {
    const seen = await runJob({ variables: { ACTIONS_RESULTS_URL: '' } });
    expect([seen.uploads, seen.warnings]).toEqual([[], []]);
    expect(seen.infos).toContain('There is no artifact service here; the evidence stays in /tmp/logs/p.');
  });
});

describe('one part that fails is a warning, and the others go on', () => {
  test('evidence that cannot be written', async () => {
    const seen = await runJob({ fullDisk: true });
    expect(seen.warnings.join('\n')).toContain('ENOSPC');
    expect(seen.effects).toContain('down p');
  });

  test('evidence that takes too long', async () => {
    const seen = await runJob({ evidenceTakes: 3_600_000 });
    expect(seen.warnings.length).toBeGreaterThan(0);
    expect(seen.effects).toContain('down p');
  });

  test('an upload that is refused', async () => {
    const seen = await runJob({ uploadRefuses: { 'infra-logs-test-1-ab12': 'the storage is full' } });
    expect(seen.warnings).toEqual(['Upload did not end well: the storage is full']);
    expect(seen.summaries.at(-1)).toContain('the storage is full');
  });

  test('an upload that hangs', async () => {
    const seen = await runJob({ uploadTakes: 3_600_000 });
    expect(seen.warnings).toEqual(['Upload took longer than 120 s and was left.']);
  });

  test('a name that is taken gets an addition', async () => {
    const refusal = "Artifact 'mine' was not uploaded: an artifact of that name already exists (409).";
    const seen = await runJob({ inputs: { 'logs-artifact': 'mine' }, uploadRefuses: { mine: refusal } });
    expect(seen.uploads.map(({ name }) => name)).toEqual(['mine-ab12']);
    expect(seen.warnings).toEqual([]);
  });
});

describe('a system that worked and stopped while the job ran', () => {
  const exits = (code: number, oom = false) => ({
    store: { ...store, exits: { after: 5000, code, oom } },
  });

  test('is named beside the job’s own failure', async () => {
    const seen = await runJob({ services: exits(1) }, 10_000);
    expect(seen.warnings[0]).toContain('store exited with code 1.');
    expect(seen.summaries.at(-1)).toContain('store exited with code 1.');
  });

  test('is left alone where the job went well: a test may have stopped it', async () => {
    const seen = await runJob({ services: exits(1), inputs: { 'job-status': 'success' } }, 10_000);
    expect(seen.warnings).toEqual([]);
  });

  test('of memory is named even then', async () => {
    const seen = await runJob({ services: exits(137, true), inputs: { 'job-status': 'success' } }, 10_000);
    expect(seen.warnings[0]).toContain('store ran out of memory');
  });
});

describe('the action `down`', () => {
  const container = { kind: 'container', id: 'c1' } as const;

  async function runDown(scene: Scene) {
    const { world, seen, artifacts } = fakeWorld({ ...usual, ...scene });
    await down(world, artifacts);
    return seen;
  }

  test('keeps the evidence and takes the project down', async () => {
    const seen = await runDown({ inputs: { 'project-name': 'kept' }, leftovers: [container] });
    expect(seen.annotations).toEqual([]);
    expect(seen.effects).toEqual([
      'output logs-path',
      'output logs-artifact',
      'make /tmp/logs/kept',
      'down kept',
      'remove /tmp/kept',
      'upload infra-logs-test-1-ab12',
      'remove /tmp/kept.cache',
    ]);
  });

  test('fails when something is left', async () => {
    const seen = await runDown({
      inputs: { 'project-name': 'kept', logs: 'never' },
      leftovers: [{ ...container, stuck: true }],
    });
    expect(seen.annotations[0]?.title).toBe('infra-action: PakLog infrastructure: DOWN_INCOMPLETE');
    expect(seen.annotations[0]?.text).toContain('left: 1 container(s)');
  });

  test('refuses what it cannot use, all at once, before anything is done', async () => {
    const seen = await runDown({ inputs: { 'project-name': '--all', logs: 'x' } });
    expect(seen.annotations[0]?.text).toContain('project-name: "--all" is not the name');
    expect(seen.annotations[0]?.text).toContain('logs: "x" is not one of');
    expect(seen.effects).toEqual([]);
  });
});

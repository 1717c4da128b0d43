import { describe, expect, test } from 'vitest';
import { down } from '../../src/down.ts';
import { finish } from '../../src/finish.ts';
import { up } from '../../src/up.ts';
import { runUp, stackFile, timings } from '../fakes/run.ts';
import type { CachedEntry, Scene, Seen } from '../fakes/scene.ts';
import { fakeWorld } from '../fakes/world.ts';

const warmFile = stackFile
  .replace('image: queue:1', 'image: queue:1\n    command: [serve]')
  .replace('environment: { ADVERTISED', 'environment: { OPTS: "-Xmx1g -Xquick", ADVERTISED')
  .replace('base: { group: core,', 'base: { group: core, jvm: { variable: OPTS },')
  .replace(
    '    queue:\n      group: core',
    '    queue:\n      group: core\n      jvm: { variable: OPTS, startup: { OPTS: -Xquick } }',
  );
const usual: Scene = {
  inputs: { services: 'queue', 'project-name': 'p', 'job-status': 'success' },
  files: { '/stack/compose.yaml': warmFile },
  services: { base: { answersAfter: 1000 }, queue: { answersAfter: 1000 } },
  cacheUse: 'write',
};
const has =
  (more: CachedEntry = {}) =>
  (key: string) =>
    key.endsWith('-queue') ? more : undefined;

function described(seen: Seen, service: string): Record<string, unknown> {
  return JSON.parse(seen.files.get('/tmp/p/model.json') ?? '').services[service];
}

const options = (seen: Seen, service: string) =>
  (described(seen, service)['environment'] as Record<string, string> | undefined)?.['OPTS'] ?? '';

describe('a system', () => {
  test('whose archive the cache has starts with it', async () => {
    const { seen } = await runUp({ ...usual, cached: has() });
    expect(options(seen, 'queue')).toContain('-Xmx1g -Xquick -XX:+IgnoreUnrecognizedVMOptions -Xshare:auto');
    expect(described(seen, 'queue')['volumes']).toMatchObject([
      { source: '/tmp/p/warm/queue', read_only: true },
    ]);
    expect(seen.files.get('/tmp/p/warm/queue/classes.jsa')).toBe('archive');
    expect(seen.infos).toContain('Started with class-data archives: queue');
  });

  test('whose archive is not there lists its classes for one', async () => {
    const { seen } = await runUp(usual);
    expect(options(seen, 'queue')).toMatch(/-XX:DumpLoadedClassList=\S+$/);
    expect(seen.infos).toContain('Post writes class-data archives for the next run: queue, base');
  });

  test('of a variable that only its image sets keeps what that says', async () => {
    const { seen } = await runUp({ ...usual, imageEnv: { OPTS: '-Ximage' } });
    expect(options(seen, 'base')).toMatch(/^-Ximage -XX/);
    expect(options(seen, 'queue')).toMatch(/^-Xmx1g/);
  });

  test.each(['broken', 'cut'] as const)('whose archive in the cache is %s starts without it', async (how) => {
    const { seen } = await runUp({ ...usual, cached: () => ({ [how]: true }) });
    expect([...seen.files.keys()]).not.toContain('/tmp/p/warm/queue/classes.jsa');
    expect(options(seen, 'base')).toBe('');
    expect([...seen.files.keys()]).not.toContain('/tmp/p/learned.json');
    expect(seen.infos.join()).not.toContain('class-data archives');
    expect([seen.warnings, seen.annotations]).toEqual([[], []]);
  });

  test.each<[string, Scene]>([
    ['may only read the cache, which has none', { ...usual, cacheUse: 'read' }],
    ['runs without a cache', { ...usual, cacheUse: 'off' }],
  ])('that %s starts as its file says', async (_, scene) => {
    const { seen } = await runUp(scene);
    expect(options(seen, 'queue')).toBe('-Xmx1g -Xquick');
    expect(described(seen, 'queue')).not.toHaveProperty('volumes');
    expect([...seen.files.keys()]).not.toContain('/tmp/p/learned.json');
    expect(seen.warnings).toEqual([]);
    expect(seen.annotations).toEqual([]);
  });

  test('without the start-up options runs as its image does, and asks for no archive', async () => {
    const { seen } = await runUp({ ...usual, inputs: { ...usual.inputs, jvm: 'throughput' }, cached: has() });
    expect(options(seen, 'queue')).toBe('-Xmx1g');
    expect(seen.effects.filter((effect) => effect.startsWith('restore'))).toEqual([]);
  });

  test('whose image is pulled asks once it is there', async () => {
    const { seen } = await runUp({
      ...usual,
      pulls: { 'queue:1': { takes: 5000 } },
      cached: has({ takes: 500 }),
    });
    expect(seen.infos).toContain('Started with class-data archives: queue');
    const asked = seen.effects.findIndex((effect) => /^restore .*-queue$/.test(effect));
    expect(asked).toBeGreaterThan(seen.effects.indexOf('pulled queue:1'));
  });
});

describe('a slow cache', () => {
  test('holds nothing up for longer than an archive could save', async () => {
    const slow = await runUp({ ...usual, cached: () => ({ takes: 60_000 }) });
    const quick = await runUp({ ...usual, cacheUse: 'off' });
    const works = (seen: Seen) => timings(seen.outputs.get('timings')).get('queue')?.worksAt ?? 0;
    expect(works(slow.seen) - works(quick.seen)).toBeLessThanOrEqual(1100);
    expect(slow.seen.infos.join()).not.toContain('class-data archives');
  });

  test('has until the start to bring what it says that it has', async () => {
    const { seen } = await runUp({ ...usual, cached: has({ takes: 1500 }) });
    expect(options(seen, 'queue')).toContain('-XX:SharedArchiveFile=');
    expect(seen.infos).toContain('Started with class-data archives: queue');
    expect(seen.infos).toContain('Post writes class-data archives for the next run: base');
  });

  test('that brings it after the start is given no other', async () => {
    const { seen } = await runUp({ ...usual, cached: has({ takes: 3000 }) });
    expect(options(seen, 'queue')).toContain('-XX:SharedArchiveFile=');
    expect(seen.infos.join()).not.toContain('Started with class-data archives');
    expect(seen.infos).toContain('Post writes class-data archives for the next run: base');
  });

  test('lets what starts at once, and what has no JVM, start', async () => {
    const inputs = { ...usual.inputs, services: 'queue,store' };
    const services = { ...usual.services, store: { answersAfter: 0 } };
    const { seen } = await runUp({ ...usual, inputs, services, cached: has({ takes: 900 }) });
    const created = seen.effects.filter((effect) => effect.startsWith('create'));
    expect(created).toEqual(['create base', 'create queue store']);
  });
});

describe('after the job', () => {
  /** A whole job in memory; `list` is what the JVM of queue writes while it runs. */
  async function runJob(more: Partial<Scene>, list = 'a\nb\nhalf'): Promise<Seen> {
    const { world, seen, artifacts } = fakeWorld({ ...usual, ...more });
    const before = process.exitCode;
    await up(world, new AbortController().signal);
    process.exitCode = before;
    seen.files.set('/tmp/p/warm/queue/pid1.classes', list);
    seen.files.set('/tmp/p/warm/queue/pid70.classes', 'b\n');
    await finish(world, artifacts);
    return seen;
  }
  const runLeaves = ['/tmp/p/warm/queue/classes.jsa', 'archive'] as const;
  const cached = (key: string) => (key.endsWith('-base') ? {} : undefined);
  const about = ({ effects }: Seen) => effects.filter((effect) => /^(run|save|down)/.test(effect));

  test('the archive is written from the longest list, kept, and the stack taken down then', async () => {
    const seen = await runJob({ cached, runLeaves });
    expect(about(seen)).toEqual([
      expect.stringMatching(/^run queue: OPTS=-Xmx1g -Xquick \S+ -Xshare:dump/),
      expect.stringMatching(/^save paklog-jvm-1-linux-amd64-d1d1d1d1d1d1d1d1-\S+-queue: 5000000.jsa$/),
      'down p',
    ]);
    expect(seen.files.get('/tmp/p/warm/queue/classes.list')).toBe('a\nb\n');
    expect(seen.infos).toContain('queue: archive of 5 MB, kept for the next run');
  });

  test('the archive is written once, also where the stack stays up and is taken down later', async () => {
    const inputs = { ...usual.inputs, teardown: 'never' };
    const { world, seen, artifacts } = fakeWorld({ ...usual, inputs, cached, runLeaves });
    await up(world, new AbortController().signal);
    seen.files.set('/tmp/p/warm/queue/pid1.classes', 'a\n');
    await finish(world, artifacts);
    await down(world, artifacts);
    expect(about(seen).map((effect) => effect.split(' ')[0])).toEqual(['run', 'save', 'down']);
  });

  test.each<[string, Partial<Scene>, string]>([
    [
      'a JVM that writes none',
      { runSays: 'Unrecognized option: -Xshare:dump' },
      'exit code 1): Unrecognized option',
    ],
    ['a JVM that was cut off', { runLeaves: [runLeaves[0], 'half'] }, 'its JVM wrote no archive'],
  ])('%s is a line of the log', async (_, more, line) => {
    const seen = await runJob({ cached, ...more });
    expect(about(seen)).toEqual([expect.stringMatching(/^run queue/), 'down p']);
    expect(seen.infos.join('\n')).toContain(line);
    expect(seen.warnings).toEqual([]);
  });

  test.each<[string, Partial<Scene>]>([
    ['every archive was there', { cached: () => ({}) }],
    ['the job was cancelled', { inputs: { ...usual.inputs, 'job-status': 'cancelled' } }],
    [
      'the stack did not come up',
      { services: { base: { answersAfter: 0 }, queue: { exits: { after: 0, code: 1 } } } },
    ],
  ])('nothing is written where %s', async (_, more) => {
    const seen = await runJob({ cached, ...more });
    expect(about(seen)).toEqual(['down p']);
    expect(seen.groups).not.toContain('Warm starts');
  });
});

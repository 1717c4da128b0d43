import { describe, expect, test } from 'vitest';
import { runUp } from '../fakes/run.ts';

describe('while it goes on', () => {
  const base = { answersAfter: 40_000, says: 'HTTP 503 from /' };

  test('every phase has its group, and every change its line', async () => {
    const { seen } = await runUp({
      inputs: { services: 'queue' },
      pulls: { 'base:1': { takes: 1000 } },
      services: { base: { answersAfter: 500 }, queue: { answersAfter: 2000 } },
    });
    expect(seen.groups).toEqual(['Plan', 'end', 'Images', 'Start', 'Ready', 'end', 'Outputs', 'end']);
    expect(seen.infos.filter((line) => /^ +\d/.test(line))).toEqual([
      '   0.0 s  base   pulling base:1',
      '   0.0 s  queue  waiting for base',
      '   1.0 s  base   pulled in 1.0 s, waiting for its turn',
      '   1.2 s  base   starting: the connection was closed',
      '   1.5 s  base   works, 0.5 s after its start',
      '   1.6 s  queue  starting: the connection was closed',
      '   3.5 s  queue  works, 2.0 s after its start',
    ]);
  });

  test('a long wait says now and then who is waited for, and what was last answered', async () => {
    const { seen } = await runUp({ inputs: { services: 'top' }, services: { base } });
    const reminders = seen.infos.filter((info) => info.includes('s: waiting for'));
    expect(reminders.map((line) => line.replace(/^\d+\.\d s/, 'N s'))).toEqual([
      'N s: waiting for base (HTTP 503 from /), queue (not started), top (not started)',
      'N s: waiting for base (HTTP 503 from /), queue (not started), top (not started)',
    ]);
  });

  test('a terminal is drawn a table instead, and none of these lines', async () => {
    const { seen } = await runUp({ inputs: { services: 'queue' }, terminal: true });
    expect(seen.drawn.at(-2)?.at(-1)).toMatch(/2 of 2 work$/);
    expect(seen.drawn.at(-1)).toEqual(['done']);
    expect([seen.groups, seen.infos.filter((line) => line.includes('waiting for'))]).toEqual([
      ['Plan', 'end', 'Outputs', 'end'],
      [],
    ]);
  });

  test('what it left says how each system came up', async () => {
    const { seen } = await runUp({
      inputs: { services: 'top', 'project-name': 'p', timeout: '30s' },
      services: { base },
    });
    expect(JSON.parse(seen.files.get('/tmp/p/record.json') ?? '')).toMatchObject({
      project: 'p',
      outcome: 'failure',
      failure: { code: 'NOT_READY', system: 'base' },
      engine: { compose: '2.40.3' },
      systems: [
        { service: 'base', stage: 'failed', probes: [{ answer: 'HTTP 503 from /' }] },
        { service: 'queue', stage: 'created', after: ['base'] },
        { service: 'store', stage: 'works', urls: ['localhost:7003'] },
        { service: 'top', stage: 'created' },
      ],
    });
  });

  test.each([
    ['all images are here', {}, 'The cache was used (cache: on).'],
    ['it is off', { inputs: { cache: 'off' } }, 'The cache was not used: cache: off.'],
    [
      'the engine does not say what it is',
      { pulls: { 'base:1': {} } },
      'Images were pulled without the cache: the engine does not tell what it is.',
    ],
  ] as const)('what it left says what became of the cache where %s', async (_, scene, cache) => {
    const inputs = { services: 'base', 'project-name': 'p', ...('inputs' in scene ? scene.inputs : {}) };
    const { seen } = await runUp({ cacheUse: 'write', ...scene, inputs });
    expect(JSON.parse(seen.files.get('/tmp/p/record.json') ?? '')).toMatchObject({ cache });
  });
});

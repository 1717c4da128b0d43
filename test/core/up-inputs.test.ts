import { describe, expect, test } from 'vitest';
import { runUp, timings } from '../fakes/run.ts';
import type { Scene } from '../fakes/scene.ts';

const slow = { answersAfter: 1000 };
const files = {
  '/w/t.json': '{"table":"a"}',
  '/w/s.json': '{"schema":"a"}',
  '/w/other.json': '{"else":1}',
  '/w/board.json': '{"title":"a"}',
};

async function failed(scene: Scene) {
  const { seen } = await runUp({ files, ...scene });
  return { ...seen.annotations[0], seen };
}

describe('files that are sent to systems', () => {
  const inputs = { services: 'queue, store', tables: 't.json\ns.json' };

  test('go in the order of the rules, once the system and those it builds on work', async () => {
    const services = { base: slow, queue: slow, store: { answersAfter: 7000 } };
    const { seen } = await runUp({ inputs, files, services });
    expect(seen.effects.filter((effect) => effect.startsWith('post'))).toEqual([
      'post 127.0.0.1:7003/schemas {"schema":"a"}',
      'post 127.0.0.1:7002/tables {"table":"a"}',
    ]);
    const [queue, store] = ['queue', 'store'].map((name) => timings(seen.outputs.get('timings')).get(name));
    expect(queue?.worksAt).toBe(store?.worksAt);
    expect(seen.infos.join('\n')).toContain('send   queue: 2 for tables, once queue, store work');
  });

  test('are waited for by everybody who waits for their system', async () => {
    const { seen } = await runUp({
      inputs: { ...inputs, services: 'top' },
      files,
      services: { queue: slow },
    });
    const at = (begin: string) => seen.effects.findIndex((effect) => effect.startsWith(begin));
    expect(at('post 127.0.0.1:7002/tables')).toBeGreaterThan(at('start queue'));
    expect(at('post 127.0.0.1:7002/tables')).toBeLessThan(at('start top'));
  });

  test('fail the run when they are refused, with file, path and answer', async () => {
    const { title, text, seen } = await failed({
      inputs,
      refusedPosts: { '/schemas': 'HTTP 400: no field' },
    });
    expect(title).toBe('infra-action: queue: FILE_REFUSED');
    expect(text).toContain('store did not take /w/s.json of the input tables.');
    expect(text).toContain('Why: POST /schemas: HTTP 400: no field');
    expect(seen.effects.filter((effect) => effect.startsWith('post'))).toHaveLength(1);
  });

  test('that nobody knows are refused before anything starts', async () => {
    const { text, seen } = await failed({ inputs: { ...inputs, tables: 'other.json\nmissing.json' } });
    expect(text).toContain('tables: there is no file "/w/missing.json"');
    expect(seen.effects.filter((effect) => effect.startsWith('create'))).toEqual([]);
    const second = await failed({ inputs: { ...inputs, tables: 'other.json', boards: 'other.json' } });
    expect(second.text).toContain('tables: "/w/other.json" has none of `schema`, `table` at its top');
    expect(second.text).toContain('boards: "/w/other.json" has no `title` at its top');
  });
});

describe('a file that is written from lines', () => {
  test('lies in the run’s folder before its system is created, and is mounted', async () => {
    const inputs = { services: 'store', targets: 'a\nb', boards: 'board.json', 'project-name': 'p' };
    const { seen } = await runUp({ inputs, files });
    expect(seen.effects.indexOf('write /tmp/p/targets-targets.json')).toBeLessThan(
      seen.effects.indexOf('create store'),
    );
    expect(JSON.parse(seen.files.get('/tmp/p/targets-targets.json') ?? '')).toEqual([
      { at: 'a' },
      { at: 'b' },
    ]);
    const { services } = JSON.parse(seen.files.get('/tmp/p/model.json') ?? '');
    expect(services.store.volumes).toMatchObject([
      { source: '/w/board.json', target: '/boards/x-01-board.json', read_only: true },
      { source: '/tmp/p/targets-targets.json', target: '/etc/targets.json', read_only: true },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { BrokenPromise } from '../../smoke/core/check.ts';
import { smoke } from '../../smoke/smoke.ts';
import { check, type SmokeScene, servicesOf, smokeWorld } from '../fakes/smoke.ts';

const none = () => Promise.reject(new BrokenPromise('read orders', 'nothing'));
const known = {
  checks: [
    check('queue.send'),
    check('queue.read', { run: none }),
    check('store.roles', { standIns: { store: 'It knows no roles.' } }),
    check('page.open'),
  ],
  groups: { core: ['queue', 'store'] },
};
const up: SmokeScene = { projects: { p: servicesOf('queue', 'store') }, containers: ['queue', 'store*'] };

async function run(scene: SmokeScene) {
  const { world, seen } = smokeWorld(scene);
  await smoke(world, known, new AbortController().signal);
  return seen;
}

describe('smoke', () => {
  test('proves the one stack of the job, and leaves files, outputs and an annotation for each broken promise', async () => {
    const seen = await run(up);
    expect(Object.fromEntries(seen.outputs)).toEqual({
      report: '/p-s1/report.json',
      junit: '/p-s1/junit.xml',
      passed: '1',
      failed: '1',
      skipped: '1',
    });
    expect(JSON.parse(seen.files.get('/p-s1/report.json') ?? '')).toMatchObject({
      version: 1,
      project: 'p',
      began: '2030-01-02T03:04:05.000Z',
      checks: [
        { id: 'queue.send', outcome: 'passed' },
        { id: 'queue.read', outcome: 'failed', request: 'read orders', answer: 'nothing' },
        { id: 'store.roles', outcome: 'skipped', reason: 'It knows no roles.' },
      ],
    });
    expect(seen.files.get('/p-s1/junit.xml')).toContain('<testsuites name="smoke" tests="3"');
    expect(seen.failures.map(({ title }) => title)).toEqual(['smoke: queue.read']);
    expect(seen.infos).toContain('page.open is not asked: it needs page, which the stack does not have');
    expect(seen.summaries).toHaveLength(1);
  });

  test('fails nothing where every promise holds', async () => {
    const seen = await run({ ...up, inputs: { checks: 'all, !queue.read' } });
    expect(seen.failures).toEqual([]);
    expect(seen.outputs.get('failed')).toBe('0');
  });

  test('takes addresses from the input `services`, of a stack that another job has brought up', async () => {
    const services = JSON.stringify(servicesOf('queue'));
    const inputs = { services, 'project-name': 'elsewhere', checks: 'queue.send' };
    const seen = await run({ inputs, containers: ['queue'] });
    expect(seen.failures).toEqual([]);
    expect(seen.outputs.get('passed')).toBe('1');
  });
});

describe('inputs that cannot be used', () => {
  const several = { projects: { p: servicesOf('queue'), other: servicesOf('queue') } };
  test.for<[string, SmokeScene, string[]]>([
    ['no stack', {}, ['project-name: no stack was brought up in this job, or it has been taken down']],
    ['several stacks', several, ['project-name: several stacks are up, say which one: p, other']],
    [
      'an unknown stack',
      { ...several, inputs: { 'project-name': 'othr' } },
      [
        'project-name: this job has no stack "othr" (did you mean other?); there are: p, other; of another job\'s, give `services`, too',
      ],
    ],
    [
      'everything at once',
      {
        inputs: { checks: 'quue', 'project-name': 'A B', services: '{"queue":{"endpoints":1}', timeout: '0' },
      },
      [
        'project-name: "A B" is no name of a Compose project',
        'services: "{\\"queue\\":{\\"endpoints\\":1}" is not what the output `services` of the action is',
        'timeout: "0" is not a duration such as 90s, 5m or 300 (seconds), at most 6h',
        'project-name: this job has no stack "A B"; of another job\'s, give `services`, too',
        'checks: there is no check, system or group "quue" (did you mean queue?); there are: all, core, queue, store, page',
      ],
    ],
    [
      'a stack without containers',
      { ...up, containers: [] },
      ['project-name: Docker has no container of project "p"'],
    ],
  ])('%s', async ([, scene, problems]) => {
    const seen = await run(scene);
    expect(seen.failures).toHaveLength(1);
    expect(seen.failures[0]?.text.split('\nWhy: ')[0]).toBe(problems.join('\n'));
    expect(seen.outputs.size).toBe(0);
  });

  test.for(['[]', '7', '{}', '{"queue":1}', '{"queue":{"endpoints":{"main":{"host":"a"}}}}'])(
    '`services` as %s',
    async (services) => {
      const seen = await run({ ...up, inputs: { services } });
      expect(seen.failures[0]?.text).toMatch(
        /^services: .* is not what the output `services` of the action is\n/,
      );
    },
  );
});

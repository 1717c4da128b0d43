import { describe, expect, test } from 'vitest';
import { checks as ourChecks, groups as ourGroups } from '../../smoke/checks/all.ts';
import { choose } from '../../smoke/core/selection.ts';
import { startable } from '../../smoke/core/turns.ts';
import { check, servicesOf } from '../fakes/smoke.ts';
import { readRecipe } from '../images/recipes.ts';

const option = { needs: '`replicated`', isOn: () => false };
const checks = [
  check('queue.send'),
  check('queue.read', { needs: ['queue', 'store'] }),
  check('store.write'),
  check('store.replicate', { option }),
  check('page.open'),
];
const groups = { core: ['queue', 'store'] };
const all = servicesOf('queue', 'store', 'page');
const ids = (names: readonly string[], services = all) =>
  choose(names, checks, groups, services).checks.map(({ id }) => id);
const problems = (names: readonly string[], services = all) =>
  choose(names, checks, groups, services).problems.map(({ where, what }) => `${where}: ${what}`);

describe('names in `checks`', () => {
  test.for<[string[], string[]]>([
    [['all'], ['queue.send', 'queue.read', 'store.write', 'page.open']],
    [['core'], ['queue.send', 'queue.read', 'store.write']],
    [
      ['page', 'queue.send'],
      ['queue.send', 'page.open'],
    ],
    [['!queue'], ['store.write', 'page.open']],
    [
      ['core', '!queue.read'],
      ['queue.send', 'store.write'],
    ],
  ])('%s', ([names, wanted]) => {
    expect(ids(names)).toEqual(wanted);
    expect(problems(names)).toEqual([]);
  });

  test('what the stack cannot be asked is left out of systems and groups, and told', () => {
    const { checks: chosen, leftOut } = choose(['queue', 'store'], checks, groups, servicesOf('queue'));
    expect(chosen.map(({ id }) => id)).toEqual(['queue.send']);
    expect(leftOut.map(({ check: { id }, missing }) => `${id}: ${missing}`)).toEqual([
      'queue.read: store, which the stack does not have',
      'store.write: store, which the stack does not have',
      'store.replicate: store, which the stack does not have',
    ]);
  });

  test('all problems are told at once', () => {
    expect(problems(['quue', '!store.wirte', 'store.replicate', 'nothing.at-all'])).toEqual([
      'checks: there is no check, system or group "store.wirte" (did you mean store.write?); there are: store.write, store.replicate',
      'checks: there is no check, system or group "quue" (did you mean queue?); there are: all, core, queue, store, page',
      'checks: there is no check, system or group "nothing.at-all"; there are: all, core, queue, store, page',
      'checks: store.replicate needs `replicated`',
    ]);
  });

  test('nothing left is a problem', () => {
    expect(problems(['page'], servicesOf('queue'))).toEqual([
      'checks: nothing is left that this stack can be asked',
    ]);
  });
});

describe('whose turn it is', () => {
  const restart = check('queue.restart', { disturbs: ['queue'] });
  const both = check('queue.both', { needs: ['queue', 'store'], disturbs: ['store'] });
  const [send, read, write] = [check('queue.send'), check('queue.read'), check('store.write')];
  const start = (waiting: typeof checks, running: typeof checks = []) =>
    startable(waiting, running).map(({ id }) => id);

  test('all that disturb nobody start at once, those that disturb somebody wait for them', () => {
    expect(start([restart, send, read, write])).toEqual(['queue.send', 'queue.read', 'store.write']);
    expect(start([restart], [send])).toEqual([]);
    expect(start([restart], [write])).toEqual(['queue.restart']);
  });

  test('those that disturb the same come one after another', () => {
    expect(start([restart, both])).toEqual(['queue.restart']);
    expect(start([both], [restart])).toEqual([]);
    expect(start([both])).toEqual(['queue.both']);
  });

  test('nobody starts beside one that disturbs', () => {
    expect(start([send, write], [restart])).toEqual(['store.write']);
  });
});

describe('the checks of this stack', () => {
  test('have names of their own, below their systems, and sentences', () => {
    expect(new Set(ourChecks.map(({ id }) => id)).size).toBe(ourChecks.length);
    for (const { id, system, promise, deadline, needs, disturbs = [] } of ourChecks) {
      expect(id).toMatch(new RegExp(`^${system}\\.[a-z0-9]+(-[a-z0-9]+)*$`));
      expect(promise).toMatch(/^\S.*\.$/);
      expect(deadline).toBeGreaterThanOrEqual(5000);
      expect(needs).toEqual(expect.arrayContaining([...disturbs]));
    }
  });

  test('are of systems that are in a group, or prove them together', () => {
    const systems = new Set(ourChecks.map(({ system }) => system));
    expect([...systems].sort()).toEqual([...Object.values(ourGroups).flat(), 'together'].sort());
  });

  test('are skipped on exactly those stand-ins whose recipe names them', () => {
    const skipped = ourChecks.flatMap(({ id, standIns = {} }) =>
      Object.keys(standIns).map((service) => `${service}: ${id}`),
    );
    const names = [...new Set(skipped.map((each) => each.split(':')[0] ?? ''))];
    const named = names.flatMap((service) =>
      readRecipe(service).differences.flatMap(({ checks: listed = [] }) =>
        listed.filter((id) => id.includes('.')).map((id) => `${service}: ${id}`),
      ),
    );
    expect(named.sort()).toEqual(skipped.sort());
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyCatalogue } from '../../src/core/catalogue/catalogue.ts';
import { decodeModel, type Model } from '../../src/core/model.ts';
import { requestsWithoutSystem, select, unknownNames } from '../../src/core/selection.ts';
import { everyService, sampleCatalogue, sampleModel } from './sample.ts';

function choose(services: readonly string[], own: readonly string[] = []) {
  const { selected, problems } = select({ services, own }, sampleModel, sampleCatalogue);
  return {
    chosen: selected.map(({ service, because }) => `${service}: ${because}`),
    problems: problems.map(({ where, what }) => `${where}: ${what}`),
  };
}

describe('what takes part', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'everything, what others need first',
      ['all'],
      [
        'base: queue depends on it',
        'queue: app depends on it',
        'store: app depends on it',
        'app: in all',
        'metrics: in all',
      ],
    ],
    ['one system', ['store'], ['store: asked for']],
    ['what it depends on comes along', ['queue'], ['base: queue depends on it', 'queue: asked for']],
    ['a group', ['core'], ['base: in core', 'queue: in core']],
    ['a name and its group', ['queue', 'core'], ['base: queue depends on it', 'queue: asked for']],
    ['an optional dependency stays away', ['metrics'], ['metrics: asked for']],
    ['all but some', ['all', '!metrics', '!app'], ['base: in all', 'queue: in all', 'store: in all']],
    [
      'all but a group, where nothing is asked for by name',
      ['!core', '!app'],
      ['metrics: in all', 'store: in all'],
    ],
  ])('%s', (_, services, chosen) => {
    expect(choose(services)).toEqual({ chosen, problems: [] });
  });

  test('the caller’s own services, unless left out', () => {
    expect(choose(['store'], ['metrics']).chosen).toEqual([
      'store: asked for',
      'metrics: in your Compose files',
    ]);
    expect(choose(['store', '!metrics'], ['metrics']).chosen).toEqual(['store: asked for']);
  });

  test('none means the caller’s own alone', () => {
    expect(choose(['none'], ['metrics'])).toEqual({
      chosen: ['metrics: in your Compose files'],
      problems: [],
    });
    expect(choose(['none'])).toEqual({ chosen: [], problems: ['services: nothing is left to start'] });
  });
});

describe('what cannot be', () => {
  test('leaving out what another needs', () => {
    expect(choose(['app', '!base', '!store']).problems).toEqual([
      'services: "!base" leaves out what queue needs',
      'services: "!store" leaves out what app needs',
    ]);
  });

  test('leaving out everything', () => {
    expect(choose(['all', '!all']).problems).toEqual(['services: nothing is left to start']);
  });

  test.each([
    ['quue', '"quue" (did you mean queue?)'],
    ['--help', '"--help"'],
    ['-v', '"-v"'],
    [';rm -rf /', '";rm -rf /"'],
    ['$(id)', '"$(id)"'],
    ['some\u0000name', '"some\\u0000name"'],
    ['st\u043ere', '"st\u043ere" (did you mean store?)'],
    ['\u202eerots', '"\\u202eerots"'],
    ['constructor', '"constructor"'],
    ['__proto__', '"__proto__"'],
    ['!stroe', '"stroe" (did you mean store?)'],
    ['!', '""'],
  ])('%j', (name, shown) => {
    const known = 'all, core, data, app, base, metrics, queue, store';
    expect(choose(['store', name]).problems).toEqual([
      `services: there is no system or group ${shown}; there are: ${known}`,
    ]);
  });

  test('every unknown name is reported', () => {
    expect(choose(['aa', 'bb', '!cc']).problems).toHaveLength(3);
  });
});

test('names are checked against the files alone in the same way', () => {
  expect(unknownNames(['all', 'core', '!store', 'none'], everyService, sampleCatalogue)).toEqual([]);
  expect(unknownNames(['cor', '!kv'], everyService, sampleCatalogue)).toMatchObject([
    { what: expect.stringContaining('"cor" (did you mean core?)') },
    { what: expect.stringContaining('"kv"') },
  ]);
});

test('an input for a system that does not take part is a problem', () => {
  const request = { kind: 'overlay', input: 'replica', system: 'store', file: 'x' } as const;
  const problem = { where: 'replica', what: 'needs store, which is not among the services' };
  expect(requestsWithoutSystem([request], [{ service: 'queue', because: '' }])).toEqual([problem]);
  expect(requestsWithoutSystem([request], [{ service: 'store', because: '' }])).toEqual([]);
});

/** A model without circles: every service depends only on ones with a smaller number. */
const acyclic = fc
  .array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((wanted): Model => {
    const services = wanted.map((numbers, index) => {
      const needed = numbers.filter((number) => number < index).map((number) => `s${number}`);
      return [`s${index}`, { image: 'x', depends_on: Object.fromEntries(needed.map((name) => [name, {}])) }];
    });
    return decodeModel({ services: Object.fromEntries(services.toReversed()) });
  });

test('in any stack, dependencies come first, once, and nothing that was left out comes at all', () => {
  const asked = fc.array(fc.nat({ max: 11 }), { maxLength: 4 });
  fc.assert(
    fc.property(acyclic, asked, asked, (model, positive, negative) => {
      const known = (numbers: readonly number[]) =>
        numbers.map((number) => `s${number}`).filter((name) => model.services.has(name));
      const [wanted, excluded] = [known(positive), known(negative)];
      const services = [...wanted, ...excluded.map((name) => `!${name}`)];
      const { selected, problems } = select({ services, own: [] }, model, emptyCatalogue);
      const names = selected.map(({ service }) => service);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => excluded.includes(name))).toEqual([]);
      if (problems.length > 0) return;
      expect(wanted.filter((name) => !excluded.includes(name) && !names.includes(name))).toEqual([]);
      for (const [at, name] of names.entries()) {
        const needed = model.services.get(name)?.dependsOn ?? [];
        expect(needed.every(({ service }) => names.slice(0, at).includes(service))).toBe(true);
      }
    }),
  );
});

test('a circle ends', () => {
  const model = decodeModel({ services: { a: { depends_on: { b: {} } }, b: { depends_on: { a: {} } } } });
  const { selected } = select({ services: ['a'], own: [] }, model, emptyCatalogue);
  expect(selected.map(({ service }) => service).toSorted()).toEqual(['a', 'b']);
});

import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allRecipes, artefactKey, contentKey, readRecipe, withBases } from '../images/recipes.ts';
import { splitReference, wantedImages } from '../images/wanted.ts';

const recipes = allRecipes();

describe('a content key', () => {
  const original = readRecipe('kafka');
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recipe-'));
    cpSync(original.folder, folder, { recursive: true });
    writeFileSync(join(folder, 'build.sh'), 'make something\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const keys = () => {
    const recipe = { ...original, folder };
    return { content: contentKey(recipe, 'confluentinc/cp-kafka:7.9.6'), artefacts: artefactKey(recipe) };
  };

  test('stays the same while nothing changes', () => {
    expect(keys()).toEqual(keys());
  });

  test('changes with the image that the recipe answers for', () => {
    const recipe = { ...original, folder };
    expect(contentKey(recipe, 'confluentinc/cp-kafka:7.9.7')).not.toBe(keys().content);
    expect(contentKey(recipe, 'other/cp-kafka:7.9.6')).not.toBe(keys().content);
  });

  test('changes with the base', () => {
    const recipe = { ...original, folder };
    expect(contentKey({ ...recipe, base: 'bookworm' }, 'confluentinc/cp-kafka:7.9.6')).not.toBe(
      keys().content,
    );
  });

  test.each([
    ['a changed entrypoint', () => writeFileSync(join(folder, 'run'), 'exec sleep 1\n'), false],
    ['a file that can no longer be executed', () => chmodSync(join(folder, 'build.sh'), 0o644), true],
    ['a new file', () => writeFileSync(join(folder, 'more.conf'), ''), false],
    ['a moved file', () => cpSync(join(folder, 'run'), join(folder, 'ran')), false],
    ['another build.sh', () => writeFileSync(join(folder, 'build.sh'), 'make something else\n'), true],
    ['another required module', () => writeFileSync(join(folder, 'go.mod'), 'module x\n'), true],
  ])('changes with %s', (_, edit, compiles) => {
    chmodSync(join(folder, 'build.sh'), 0o755);
    const before = keys();
    edit();
    expect(keys().content).not.toBe(before.content);
    expect(keys().artefacts === before.artefacts).toBe(!compiles);
  });
});

describe('recipes', () => {
  test('every image of the stack has exactly one', () => {
    const repositories = wantedImages(['all']).map((reference) => splitReference(reference).repository);
    expect(recipes.map(({ repository }) => repository).sort()).toEqual(repositories.sort());
  });

  test('bases come before what is built on them', () => {
    expect(withBases(readRecipe('kafka')).map(({ name }) => name)).toEqual([
      'bookworm',
      'jre',
      'cp',
      'kafka',
    ]);
  });

  test('a recipe that is not there is named', () => {
    expect(() => readRecipe('cassandra')).toThrow('There is no recipe for cassandra');
  });

  test.each(recipes.map((recipe) => [recipe.name, recipe] as const))(
    '%s says what it is, what it needs and how it differs',
    (_, { upstream, disk, differences }) => {
      expect(Object.values(upstream).every((text) => String(text).length > 0)).toBe(true);
      expect(disk).toBeGreaterThan(0);
      expect(differences.length).toBeGreaterThan(0);
      for (const { id, text } of differences) {
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(text).toMatch(/^[A-Z`].*\.$/s);
      }
      expect(new Set(differences.map(({ id }) => id)).size).toBe(differences.length);
    },
  );
});

describe('wanted images', () => {
  const names = (services: readonly string[]) =>
    wantedImages(services).map((reference) => splitReference(reference).repository);

  test('what a system depends on comes along, an image that several use comes once', () => {
    expect(names(['kafka'])).toEqual(['confluentinc/cp-zookeeper', 'confluentinc/cp-kafka']);
    expect(names(['analytics'])).toEqual(['confluentinc/cp-zookeeper', 'apachepinot/pinot']);
  });

  test('a group without one of its systems', () => {
    expect(names(['core', '!mongodb'])).not.toContain('mongo');
    expect(names(['core'])).toContain('mongo');
  });

  test('an unknown name is refused', () => {
    expect(() => wantedImages(['kafak'])).toThrow('kafka');
  });

  test('a reference is split at the tag', () => {
    expect(splitReference('redis:7.2.16-alpine')).toEqual({ repository: 'redis', tag: '7.2.16-alpine' });
    expect(splitReference('localhost:5000/a/b:1')).toEqual({ repository: 'localhost:5000/a/b', tag: '1' });
  });
});

import { describe, expect, test } from 'vitest';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { at, services, stack } from './stack-file.ts';

const systems = [...decodeCatalogue(stack['x-paklog']).catalogue.systems.values()];

describe('a JVM', () => {
  const jvms = systems.flatMap(({ name, jvm }) => (jvm === undefined ? [] : [{ name, jvm }]));
  const environment = (name: string) => at(services.get(name), 'environment');

  test('runs each of the five systems that are written in Java', () => {
    const java = [...services].filter(([, each]) => /cp-|pinot/.test(String(at(each, 'image'))));
    expect(jvms.map(({ name }) => name)).toEqual(java.map(([name]) => name));
  });

  test.each(jvms)(
    'of $name has its variable in the file, and the start-up options in theirs',
    ({ name, jvm }) => {
      expect(environment(name)).toHaveProperty(jvm.variable);
      for (const [variable, options] of jvm.startup)
        expect(String(at(environment(name), variable)).split(/\s+/)).toEqual(
          expect.arrayContaining([...options]),
        );
    },
  );
});

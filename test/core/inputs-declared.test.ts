import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import { inputNames, parseInputs } from '../../src/core/inputs.ts';
import { anyText } from './any-text.ts';

describe('what the catalogue declares', () => {
  const { catalogue } = decodeCatalogue({
    inputs: {
      topics: { system: 'q', lines: '^(?<name>[a-z]+)$', form: 'a name', exec: { command: ['t', '{name}'] } },
      constructor: { system: 'q', overlay: 'x.yaml' },
    },
  });

  test('becomes requests and problems beside the others', () => {
    const { inputs, problems } = parseInputs({ topics: 'a\nb', constructor: 'true', ports: 'x' }, catalogue);
    expect(inputs.requests.map(({ input, kind }) => [input, kind])).toEqual([
      ['topics', 'exec'],
      ['constructor', 'overlay'],
    ]);
    expect(problems.map(({ where }) => where)).toEqual(['ports']);
    expect(parseInputs({ topics: 'A', constructor: '' }, catalogue).problems).toEqual([
      { where: 'topics', what: '"A" is not a name' },
    ]);
  });

  test('no text makes reading fail, and each value is answered by its type or a problem', () => {
    const name = fc.constantFrom(...inputNames, 'topics', 'constructor', '__proto__');
    const value = fc.oneof(anyText(), fc.constantFrom('all', 'none', '5m', 'a: b', '!', '\n'));
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (raw) => {
        const { inputs, problems } = parseInputs({ constructor: '', ...raw }, catalogue);
        expect(inputs.timeout > 0 || problems.some(({ where }) => where === 'timeout')).toBe(true);
        expect(problems.every(({ what }) => what.length < 300)).toBe(true);
      }),
    );
  });
});

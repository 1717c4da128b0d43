import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, editDistance } from '../../src/core/spelling.ts';

const known = ['all', 'core', 'kafka', 'mongodb', 'redis'];

test.each([
  ['kafak', ' (did you mean kafka?)'],
  ['Kafka', ' (did you mean kafka?)'],
  ['mongo', ' (did you mean mongodb?)'],
  ['reddis', ' (did you mean redis?)'],
  ['postgres', ''],
  ['kafka-ui', ''],
  ['__proto__', ''],
  ['x'.repeat(10_000), ''],
])('%s is answered with "%s"', (word, hint) => {
  expect(didYouMean(word, known)).toBe(hint);
});

test('without known names nothing is suggested', () => {
  expect(didYouMean('kafka', [])).toBe('');
});

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['flaw', 'lawn', 2],
  ['x'.repeat(65), 'x'.repeat(65), 64],
] as const)('from %j to %j', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('one edit is at most one away, and the way back is as long', () => {
  const word = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom('', 'a', 'zz'), (a, at, put) => {
      const index = at % (a.length + 1);
      const b = `${a.slice(0, index)}${put}${a.slice(index + 1)}`;
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(1, put.length));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

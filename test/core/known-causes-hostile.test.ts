import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { System } from '../../src/core/catalogue/catalogue.ts';
import { mayRunAway } from '../../src/core/catalogue/pattern.ts';
import { answerCauses, generalCauses } from '../../src/core/causes/general-causes.ts';
import { knownCause } from '../../src/core/causes/known-causes.ts';
import { catalogue } from './known-failures.ts';

const stack = [...catalogue.systems.values()].flatMap(({ causes = [] }) => causes);
const known = [...generalCauses, ...answerCauses, ...stack];
const patterns = known.flatMap(({ log, unless, quote, answer }) =>
  [log, unless, quote, answer].flatMap((pattern) => pattern ?? []),
);

const torn = { code: 'STORE_TORN', log: /page \d+ is torn/, why: 'It is torn.', advice: 'Mend it.' };
const system: System = { name: 'store', title: 'Store', endpoints: [], probe: [], causes: [torn, ...stack] };
const failure = {
  code: 'SERVICE_EXITED',
  system: 'store',
  what: 'store exited with code 1.',
  why: 'It stopped.',
  advice: 'Read its log.',
};

function told(log: string, lastAnswer = '') {
  return knownCause(failure, { log, exitCode: 1, lastAnswer, system });
}

test('no pattern repeats what repeats', () => {
  expect(patterns.length).toBeGreaterThan(known.length / 2);
  expect(patterns.filter(mayRunAway)).toEqual([]);
});

describe('a log that would keep a careless pattern busy is read to its end', () => {
  const signs = [
    'a',
    'A_',
    '.',
    ' ',
    '\\',
    '"',
    '=',
    ': ',
    'x=',
    'lookup ',
    'field ',
    'Error: ',
    '\u001b[',
    '4 ',
  ];

  test.each(signs)('%j without end', (sign) => {
    const line = sign.repeat(3000);
    expect(told(Array(300).fill(line).join('\n'), line)).toEqual(failure);
  });

  test('without a line end', () => {
    expect(told('A_'.repeat(3_000_000))).toEqual(failure);
  });
});

describe('only the end of a log and the beginning of a line are looked at', () => {
  test.each([
    ['2500 lines ago', `page 7 is torn\n${'fine\n'.repeat(2500)}`],
    ['after 2500 characters', `${'x'.repeat(2500)} page 7 is torn`],
  ])('not what stands %s', (_, log) => {
    expect(told(log)).toEqual(failure);
  });

  test('but what stands 1500 lines ago', () => {
    expect(told(`page 7 is torn\n${'fine\n'.repeat(1500)}`).code).toBe('STORE_TORN');
  });
});

test('any log gives a failure that a person can be shown', () => {
  const line = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('page 7 is torn', 'EMFILE'));
  const logs = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(logs, (log) => {
      const { what, why } = told(log);
      expect(what).toBe(failure.what);
      expect(why.split('\n').length).toBeLessThanOrEqual(2);
      expect(why).not.toMatch(/[^\P{Cc}\n]/u);
    }),
  );
});

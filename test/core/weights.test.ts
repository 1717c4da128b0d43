import { expect, test } from 'vitest';
import { decodeModel } from '../../src/core/model.ts';
import { startWeights } from '../../src/core/weights.ts';

const after = (service: string, condition = 'service_healthy') => ({ [service]: { condition } });
const model = decodeModel({
  services: {
    root: {},
    middle: { depends_on: after('root') },
    leaf: { depends_on: after('middle') },
    short: { depends_on: after('root') },
    alone: {},
    beside: { depends_on: after('leaf', 'service_started') },
    weighed: { cpu_shares: 77 },
  },
});
const all = [...model.services.keys()];

test('the longest chain has a quarter of the usual weight, and every step less a quarter of it', () => {
  expect(Object.fromEntries(startWeights(all, model))).toEqual({
    root: 256,
    middle: 256,
    leaf: 256,
    short: 64,
    alone: 16,
    beside: 16,
  });
});

test('a weight of the file’s own is left alone', () => {
  expect(startWeights(all, model).has('weighed')).toBe(false);
});

test('a chain counts only as far as it takes part', () => {
  expect(Object.fromEntries(startWeights(['root', 'short', 'alone'], model))).toEqual({
    root: 256,
    short: 256,
    alone: 64,
  });
});

test('where nothing waits for anything, all weigh the same', () => {
  expect(Object.fromEntries(startWeights(['alone', 'root'], model))).toEqual({ alone: 256, root: 256 });
});

test('no weight is less than Docker accepts', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [
      `s${index}`,
      index === 0 ? {} : { depends_on: after(`s${index - 1}`) },
    ]),
  );
  const long = decodeModel({ services: { ...chain, alone: {} } });
  expect(startWeights([...long.services.keys()], long).get('alone')).toBe(2);
});

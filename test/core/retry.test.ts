import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dockerCauses } from '../../src/core/causes/docker-causes.ts';
import { mostTries, retryDelay } from '../../src/core/retry.ts';

test('a connection in trouble gets four more tries, each after twice the wait', () => {
  const delays = [1, 2, 3, 4, 5, 6].map((failed) => retryDelay('PULL_NETWORK', failed, 0.5));
  expect(delays).toEqual([1000, 2000, 4000, 8000, undefined, undefined]);
});

test('fewer tries end earlier', () => {
  expect([1, 2].map((failed) => retryDelay('PULL_NETWORK', failed, 0.5, 2))).toEqual([1000, undefined]);
});

test('chance moves a wait by a quarter at most', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: mostTries - 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failed, chance) => {
        const usual = 1000 * 2 ** (failed - 1);
        const delay = retryDelay('PULL_NETWORK', failed, chance) ?? 0;
        expect(delay).toBeGreaterThanOrEqual(0.75 * usual);
        expect(delay).toBeLessThanOrEqual(1.25 * usual);
      },
    ),
  );
  expect(retryDelay('PULL_NETWORK', 1, 0)).not.toBe(retryDelay('PULL_NETWORK', 1, 0.9));
});

describe('what does not pass by itself gets one try:', () => {
  const codes = dockerCauses.flatMap(({ code }) => (code === 'PULL_NETWORK' ? [] : [code]));
  test.each(['DOCKER_MISSING', 'DOCKER_TIMEOUT', 'COMMAND_FAILED', ...codes])('%s', (code) => {
    expect(retryDelay(code, 1, 0.5)).toBeUndefined();
  });
});

import { expect, test } from 'vitest';
import type { Pull } from '../../src/core/plan.ts';
import { byNeed } from '../../src/images/order.ts';
import { machine } from '../../src/io/machine.ts';

const pull = (image: string): Pull => ({ image, services: [] });
const clock = { ...machine, portOwner: async () => '' };
const names = (pulls: readonly Pull[]) => pulls.map(({ image }) => image);

test('what others wait for comes first, then what is large, and equals as they were', async () => {
  const ranks: Readonly<Record<string, number>> = { chain: 2, base: 1 };
  const sizes: Readonly<Record<string, number>> = { small: 1, large: 9, chain: 3, base: 4, other: 1 };
  const pulls = ['small', 'large', 'base', 'chain', 'other'].map(pull);
  const ordered = await byNeed(
    pulls,
    ({ image }) => ranks[image] ?? 0,
    async ({ image }) => sizes[image] ?? 0,
    clock,
  );
  expect(names(ordered)).toEqual(['chain', 'base', 'large', 'small', 'other']);
});

test('a size that does not come counts as none, and holds nobody up for long', async () => {
  const waited: number[] = [];
  const quick = { ...clock, sleep: async (milliseconds: number) => void waited.push(milliseconds) };
  const never = new Promise<number>(() => {});
  const ordered = await byNeed(
    [pull('silent'), pull('known')],
    () => 0,
    ({ image }) => (image === 'known' ? Promise.resolve(5) : never),
    quick,
  );
  expect(names(ordered)).toContain('silent');
  expect(waited).toEqual([2000]);
});

import { expect, test } from 'vitest';
import { amount } from '../../src/core/evidence/amount.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [16 * 1024 ** 2, '16.0 MiB'],
  [25_280_000_000, '23.5 GiB'],
  [2 ** 60, '1024.0 PiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(amount(bytes)).toBe(text);
});

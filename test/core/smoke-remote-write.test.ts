import snappy from 'snappyjs';
import { expect, test } from 'vitest';
import { remoteWriteBody } from '../../smoke/clients/remote-write.ts';

test('a sample is what Prometheus’ protocol says, byte for byte', () => {
  const labels = { id: 'a', __name__: 'm' };
  const body = remoteWriteBody([{ labels, value: 42.5, timestamp: 1_700_000_000_000 }]);
  const expected = [
    // A series of 42 bytes: its labels in the order of their names,
    '0a2a',
    '0a0d 0a08 5f5f6e616d655f5f 1201 6d',
    '0a07 0a02 6964 1201 61',
    // and a sample of 16 bytes: a double, little-endian, and the milliseconds as a varint.
    '1210 09 0000000000404540 10 80d095ffbc31',
  ];
  const sent = Buffer.from(snappy.uncompress(body)).toString('hex');
  expect(sent).toBe(expected.join('').replaceAll(' ', ''));
});

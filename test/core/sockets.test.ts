import { describe, expect, test } from 'vitest';
import { listeningSockets } from '../../src/core/evidence/sockets.ts';

/** A line of /proc/net/tcp or tcp6. */
function row(local: string, state = '0A', inode = 4711): string {
  return `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000 100 0 0 10 0`;
}
const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

describe('sockets that listen', () => {
  test.each([
    ['0100007F:1F90', '127.0.0.1', 8080],
    ['00000000:07E8', '0.0.0.0', 2024],
    ['0101A8C0:FFFF', '192.168.1.1', 65535],
    ['00000000000000000000000000000000:1F90', '::', 8080],
    ['00000000000000000000000001000000:1F90', '::1', 8080],
    ['000080FE00000000FF005450B6AC1DFE:0016', 'fe80::5054:ff:fe1d:acb6', 22],
    ['B80D0120000000000000000000000100:0050', '2001:db8::1:0', 80],
    ['0000000000000000FFFF00000100007F:0050', '127.0.0.1', 80],
  ])('at %s are at %s, port %i', (local, address, port) => {
    expect(listeningSockets(`${head}\n${row(local)}\n`)).toEqual([{ address, port, inode: '4711' }]);
  });

  test('are told from those that are connected', () => {
    expect(
      listeningSockets([head, row('0100007F:1F90', '01'), row('0100007F:1F91', '0A', 5)].join('\n')),
    ).toEqual([{ address: '127.0.0.1', port: 8081, inode: '5' }]);
  });

  test.each(['', head, 'something else'])('are none in %j', (table) => {
    expect(listeningSockets(table)).toEqual([]);
  });
});

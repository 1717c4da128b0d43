/** A TCP port that a process listens on. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Who listens, where this user may know. */
  readonly process?: { readonly name: string; readonly pid: number };
}

export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** The state of a listening socket in the kernel's tables. */
const listening = '0A';

/** The listening sockets in a table such as `/proc/net/tcp` or `/proc/net/tcp6`. */
export function listeningSockets(table: string): readonly ListeningSocket[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== listening || inode === undefined) return [];
    return [{ address: readAddress(address), port: Number.parseInt(port, 16), inode }];
  });
}

/** The kernel writes an address as numbers of 32 bits, each in the machine's own order of bytes. */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const numbers = bytes.map((byte) => Number.parseInt(byte, 16));
  if (numbers.length === 4) return numbers.join('.');
  const text = bytes.join('').toLowerCase();
  if (/^0{20}f{4}/.test(text)) return numbers.slice(12).join('.');
  return shortIpv6((text.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')));
}

/** RFC 5952: the longest run of zeros, from two on, is `::`. */
function shortIpv6(groups: readonly string[]): string {
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].map(([run]) => run);
  const [longest] = runs.sort((a, b) => b.length - a.length);
  if (longest === undefined) return groups.join(':');
  const [before = '', ...after] = groups.join(':').split(new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`));
  return `${before.replace(/:$/, '')}::${after.join(longest).replace(/^:/, '')}`;
}

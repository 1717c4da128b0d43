import { fetchText } from './http.ts';

/** Sends one sample as agents and Tempo do: Prometheus' remote write, protocol buffers in a snappy block. */
export async function remoteWrite(
  prometheus: string,
  labels: Readonly<Record<string, string>>,
  value: number,
): Promise<void> {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([name, text]) =>
    message(1, message(1, Buffer.from(name)), message(2, Buffer.from(text))),
  );
  const number = Buffer.alloc(8);
  number.writeDoubleLE(value);
  const sample = message(2, Buffer.from([(1 << 3) | 1]), number, Buffer.from([2 << 3]), varint(Date.now()));
  await fetchText(`${prometheus}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: snappyBlock(message(1, ...pairs, sample)),
  });
}

/** A length-delimited field: text, or a message made of fields. */
function message(id: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([(id << 3) | 2]), varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A block of one literal, which every decoder takes: its length, the tag of a literal with a two-byte length, the bytes. */
function snappyBlock(bytes: Buffer): Buffer<ArrayBuffer> {
  const tag = Buffer.from([61 << 2, 0, 0]);
  tag.writeUInt16LE(bytes.length - 1, 1);
  return Buffer.concat([varint(bytes.length), tag, bytes]);
}

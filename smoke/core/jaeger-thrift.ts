/** The span of a Jaeger batch, ids in hexadecimal. */
export interface JaegerSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startMicroseconds: number;
  readonly durationMicroseconds?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

// Thrift's binary protocol: every field is its type, its number in the IDL (jaeger.thrift) and its value; 0 ends a struct.
const types = { i32: 8, i64: 10, string: 11, struct: 12, list: 15 } as const;

/**
 * A Jaeger `Batch`, as Jaeger's clients POST it. Written here, since no Jaeger client is maintained any more: the one for Node.js
 * was archived in 2022, and reads files beside it that a bundle does not have.
 */
export function thriftBatch(service: string, ...spans: readonly JaegerSpan[]): Buffer<ArrayBuffer> {
  const process = struct(field('string', 1, text(service)));
  return struct(field('struct', 1, process), field('list', 2, structs(spans.map(thriftSpan))));
}

function thriftSpan(span: JaegerSpan): Buffer {
  const tags = Object.entries(span.tags ?? {}).map(([key, value]) =>
    // Type 0 is a string.
    struct(field('string', 1, text(key)), field('i32', 2, int32(0)), field('string', 3, text(value))),
  );
  return struct(
    field('i64', 1, Buffer.from(span.traceId.slice(16), 'hex')),
    field('i64', 2, Buffer.from(span.traceId.slice(0, 16), 'hex')),
    field('i64', 3, Buffer.from(span.spanId, 'hex')),
    field('i64', 4, span.parentSpanId === undefined ? int64(0n) : Buffer.from(span.parentSpanId, 'hex')),
    field('string', 5, text(span.name)),
    field('i32', 7, int32(1)),
    field('i64', 8, int64(BigInt(span.startMicroseconds))),
    field('i64', 9, int64(BigInt(span.durationMicroseconds ?? 1000))),
    field('list', 10, structs(tags)),
  );
}

function structs(items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([types.struct]), int32(items.length), ...items]);
}

function struct(...fields: readonly Buffer[]): Buffer<ArrayBuffer> {
  return Buffer.concat([...fields, Buffer.from([0])]);
}

function field(type: keyof typeof types, id: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([types[type], 0, id]), value]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int32(bytes.length), bytes]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

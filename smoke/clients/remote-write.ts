import protobuf from 'protobufjs';
import snappy from 'snappyjs';

/** One sample of one series. */
export interface Sample {
  /** With `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Prometheus' prompb/remote.proto and types.proto, as far as a sample needs them. */
const messages = `
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
`;

/** The headers of Prometheus' remote write, version 1. */
export const remoteWriteHeaders = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

/** The body of a remote write: protocol buffers in a snappy block. Labels have to be in the order of their names. */
export function remoteWriteBody(samples: readonly Sample[]): Uint8Array<ArrayBuffer> {
  const timeseries = samples.map(({ labels, value, timestamp }) => ({
    labels: Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, text]) => ({ name, value: text })),
    samples: [{ value, timestamp }],
  }));
  const request = protobuf.parse(messages).root.lookupType('WriteRequest');
  const message = request.encode(request.fromObject({ timeseries })).finish();
  return new Uint8Array(snappy.compress(message));
}

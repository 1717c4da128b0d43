import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as HttpExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type JaegerSpan, thriftBatch } from '../core/jaeger-thrift.ts';

export type Protocol = 'otlp-grpc' | 'otlp-http' | 'jaeger' | 'zipkin';

/** A span that was sent, by its IDs. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
}

interface Call {
  readonly protocol: Protocol;
  readonly url: string;
  readonly from: string;
  readonly to: string;
  readonly name: string;
}

/** Sends one trace as instrumented programs do: a span of the caller, and below it one of the service that it calls, which is given back. */
export async function sendCall({ protocol, url, from, to, name }: Call): Promise<SentSpan> {
  const client = await sendSpan({ protocol, url, service: from, name, kind: SpanKind.CLIENT });
  return sendSpan({ protocol, url, service: to, name, kind: SpanKind.SERVER, parent: client });
}

export { SpanKind };

interface Sending {
  readonly protocol: Protocol;
  readonly url: string;
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** The span that it is a part of; without one it begins a trace. */
  readonly parent?: SentSpan;
}

/** Sends one span of a service. */
export async function sendSpan({ protocol, url, service, name, kind, parent }: Sending): Promise<SentSpan> {
  const failures: unknown[] = [];
  const exporter = heard(exporters[protocol](url), failures);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const remote = { traceFlags: TraceFlags.SAMPLED, isRemote: true };
  const context =
    parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, ...remote });
  const span = provider.getTracer('smoke').startSpan(name, { kind }, context);
  span.end();
  // Both fail as the export does, and tell less of it.
  for (const end of [() => provider.forceFlush(), () => provider.shutdown()])
    await end().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return span.spanContext();
}

/** An exporter repeats what fails until then. Milliseconds. */
const patience = 5000;

const exporters: Readonly<Record<Protocol, (url: string) => SpanExporter>> = {
  'otlp-grpc': (url) => new GrpcExporter({ url, timeoutMillis: patience }),
  'otlp-http': (url) => new HttpExporter({ url: `${url}/v1/traces`, timeoutMillis: patience }),
  zipkin: (url) => new ZipkinExporter({ url }),
  jaeger: jaegerExporter,
};

/** The SDK tells nobody when an export fails. */
function heard(exporter: SpanExporter, failures: unknown[]): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) failures.push(result.error ?? new Error('The export failed.'));
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

function jaegerExporter(url: string): SpanExporter {
  const post = async (spans: readonly ReadableSpan[]): Promise<void> => {
    const service = String(spans[0]?.resource.attributes['service.name'] ?? '');
    const headers = { 'content-type': 'application/x-thrift' };
    const body = thriftBatch(service, ...spans.map(jaegerSpan));
    const response = await fetch(url, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`HTTP ${response.status} ${await response.text()}`);
  };
  return {
    export: (spans, done) =>
      void post(spans).then(
        () => done({ code: 0 }),
        (error: Error) => done({ code: 1, error }),
      ),
    shutdown: async () => {},
  };
}

const kinds: Readonly<Record<number, string>> = { [SpanKind.CLIENT]: 'client', [SpanKind.SERVER]: 'server' };

function jaegerSpan(span: ReadableSpan): JaegerSpan {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext?.spanId;
  return {
    traceId,
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name: span.name,
    startMicroseconds: microseconds(span.startTime),
    durationMicroseconds: Math.max(1, microseconds(span.duration)),
    tags: { 'span.kind': kinds[span.kind] ?? 'internal' },
  };
}

function microseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
}

import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
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

/** A call from one service to another that was sent as a trace of two spans. */
export interface SentCall {
  readonly traceId: string;
  /** Of the span of the service that was called. */
  readonly spanId: string;
}

interface Call {
  readonly protocol: Protocol;
  readonly url: string;
  readonly from: string;
  readonly to: string;
  readonly name: string;
}

/** Sends one trace as an instrumented program does: a span of the caller, and below it one of the service that it calls. */
export async function sendCall({ protocol, url, from, to, name }: Call): Promise<SentCall> {
  const failures: unknown[] = [];
  const exporter = heard(exporters[protocol](url), failures);
  const [caller, called] = [from, to].map((service) => providerOf(service, exporter));
  if (caller === undefined || called === undefined) throw new Error('There are two services.');
  const client = caller.getTracer('smoke').startSpan(name, { kind: SpanKind.CLIENT });
  const context = trace.setSpan(ROOT_CONTEXT, client);
  const server = called.getTracer('smoke').startSpan(name, { kind: SpanKind.SERVER }, context);
  server.end();
  client.end();
  for (const provider of [caller, called]) {
    await provider.forceFlush();
    await provider.shutdown();
  }
  if (failures.length > 0) throw failures[0];
  return server.spanContext();
}

/** An exporter repeats what fails until then. Milliseconds. */
const patience = 5000;

const exporters: Readonly<Record<Protocol, (url: string) => SpanExporter>> = {
  'otlp-grpc': (url) => new GrpcExporter({ url, timeoutMillis: patience }),
  'otlp-http': (url) => new HttpExporter({ url: `${url}/v1/traces`, timeoutMillis: patience }),
  zipkin: (url) => new ZipkinExporter({ url }),
  jaeger: jaegerExporter,
};

function providerOf(service: string, exporter: SpanExporter): TracerProvider {
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
}

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

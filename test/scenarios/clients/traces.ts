import { randomBytes, randomUUID } from 'node:crypto';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as HttpExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, vi } from 'vitest';
import { thriftBatch } from '../../../smoke/core/jaeger-thrift.ts';
import { fetchText, postJson } from './http.ts';

/** A trace that was sent: what it is found by, and what must be in it. */
interface Sent {
  readonly traceId: string;
  readonly service: string;
}

export async function sendByGrpc(endpoint: string): Promise<Sent> {
  return sendBySdk(new GrpcExporter({ url: endpoint }));
}

export async function sendByHttp(endpoint: string): Promise<Sent> {
  return sendBySdk(new HttpExporter({ url: `${endpoint}/v1/traces` }));
}

async function sendBySdk(exporter: SpanExporter): Promise<Sent> {
  const service = newService();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const span = provider.getTracer('scenario').startSpan('place order');
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
  return { traceId: span.spanContext().traceId, service };
}

/** OTLP in JSON, as a program without an SDK sends it; the address is used as it is. */
export async function postOtlp(url: string): Promise<Sent> {
  const [service, traceId] = [newService(), newId(16)];
  const [start, end] = nanoseconds();
  const span = {
    traceId,
    spanId: newId(8),
    name: 'place order',
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: end,
  };
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  await postJson(url, { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] });
  return { traceId, service };
}

export async function postZipkin(url: string): Promise<Sent> {
  const [service, traceId] = [newService(), newId(16)];
  const timestamp = Date.now() * 1000;
  const span = { traceId, id: newId(8), name: 'place order', timestamp, duration: 1000 };
  await postJson(url, [{ ...span, localEndpoint: { serviceName: service } }]);
  return { traceId, service };
}

export async function postJaeger(url: string): Promise<Sent> {
  const [service, traceId] = [newService(), newId(16)];
  const body = thriftBatch(service, {
    traceId,
    spanId: newId(8),
    name: 'place order',
    startMicroseconds: Date.now() * 1000,
  });
  await fetchText(url, { method: 'POST', headers: { 'content-type': 'application/x-thrift' }, body });
  return { traceId, service };
}

/** Asks Tempo for the trace by its id until it is there, whole. */
export async function expectInTempo(tempo: string, sent: Sent): Promise<void> {
  const found = await vi.waitFor(
    () => fetchText(`${tempo}/api/traces/${sent.traceId}`, { headers: { accept: 'application/json' } }),
    { timeout: 20_000, interval: 200 },
  );
  expect(found).toContain(`"${sent.service}"`);
  expect(found).toContain('"place order"');
}

function newService(): string {
  return `orders-${randomUUID().slice(0, 8)}`;
}

function newId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function nanoseconds(): readonly [string, string] {
  const now = Date.now();
  return [`${now - 1}000000`, `${now}000000`];
}

import { asArray, asObject, asString, type Json } from '../../src/core/json.ts';

/** A span as Tempo gives it back. */
export interface FoundSpan {
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
}

/**
 * The spans of Tempo's answer to a trace ID. Tempo calls the list `batches`; OTLP calls it `resourceSpans`, and so does
 * Tempo's second API. IDs are base64, as protocol buffers have it in JSON, where OTLP has hexadecimal digits.
 */
export function spansOf(answer: unknown): readonly FoundSpan[] {
  const outer = asObject(answer) ?? {};
  const trace = asObject(outer['trace']) ?? outer;
  const batches = [...asArray(trace['batches']), ...asArray(trace['resourceSpans'])];
  return batches.flatMap((item) => {
    const batch = asObject(item) ?? {};
    const service = attribute(asObject(batch['resource']), 'service.name');
    return asArray(batch['scopeSpans']).flatMap((scope) =>
      asArray(asObject(scope)?.['spans']).map((span) => {
        const { traceId, name } = asObject(span) ?? {};
        return { traceId: hexadecimal(asString(traceId) ?? ''), service, name: asString(name) ?? '' };
      }),
    );
  });
}

/** The trace IDs of Tempo's answer to a search, which leaves leading zeros out. */
export function foundTraces(answer: unknown): readonly string[] {
  return asArray(asObject(answer)?.['traces']).map((trace) =>
    (asString(asObject(trace)?.['traceID']) ?? '').padStart(32, '0'),
  );
}

function attribute(resource: Json | undefined, key: string): string {
  const found = asArray(resource?.['attributes']).find((item) => asObject(item)?.['key'] === key);
  return asString(asObject(asObject(found)?.['value'])?.['stringValue']) ?? '';
}

function hexadecimal(id: string): string {
  return /^[0-9a-f]{32}$/i.test(id) ? id.toLowerCase() : Buffer.from(id, 'base64').toString('hex');
}

/** A span, by its IDs in hexadecimal. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** The header of W3C Trace Context that carries a sampled span from one program to the next. */
export function traceparent({ traceId, spanId }: SpanIds): string {
  return `00-${traceId}-${spanId}-01`;
}

/** The span that a header `traceparent` carries, or undefined. */
export function spanOf(header: string | undefined): SpanIds | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(header ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

import { broken, eventually, httpJson } from '../clients/http.ts';
import { type Protocol, type SentSpan, sendCall } from '../clients/trace-senders.ts';
import { ask } from '../core/asking.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';
import { foundTraces, spansOf } from '../core/traces.ts';
import { expectSeries } from './prometheus.ts';

const system = 'tempo';

/** A search sees a trace once Tempo has written it down, ten seconds after its last span. Milliseconds. */
const deadline = 45_000;

const protocols: readonly (readonly [Protocol, string])[] = [
  ['otlp-grpc', 'OTLP over gRPC'],
  ['otlp-http', 'OTLP over HTTP'],
  ['jaeger', 'Jaeger’s Thrift over HTTP'],
  ['zipkin', 'Zipkin’s JSON'],
];

export const tempoChecks: readonly Check[] = [
  ...protocols.map(([protocol, title]): Check => {
    const promise = `A trace that comes by ${title} is found by its ID and by TraceQL.`;
    const run = (stack: Stack, signal: AbortSignal) => sendAndFind(stack, signal, protocol);
    return { id: `tempo.${protocol}`, system, promise, needs: ['tempo'], deadline, run };
  }),
  {
    id: 'tempo.service-graph',
    system,
    promise: 'A call from one service to another is an edge of the service graph in Prometheus.',
    needs: ['tempo', 'prometheus'],
    deadline,
    run: async (stack, signal) => {
      const [from, to] = pairOf(stack, 'graph');
      await send(stack, signal, 'otlp-http', from, to);
      const edge = `traces_service_graph_request_total{client="${from}",server="${to}"}`;
      await expectSeries(stack, signal, `${edge} >= 1`, 1);
    },
  },
];

async function sendAndFind(stack: Stack, signal: AbortSignal, protocol: Protocol): Promise<void> {
  const [from, to] = pairOf(stack, protocol);
  const { traceId } = await send(stack, signal, protocol, from, to);
  await expectTrace(stack, signal, traceId, [from, to]);
  const q = `{ resource.service.name = "${to}" && name = "reserve" }`;
  await eventually(signal, async () => {
    const { heard, json } = await httpJson(`${base(stack)}/api/search?${new URLSearchParams({ q })}`, signal);
    if (!foundTraces(json).includes(traceId))
      throw broken(heard, `the trace ${traceId} is not found by ${q}`);
  });
}

function pairOf(stack: Stack, name: string): readonly [string, string] {
  return [`smoke-${name}-shop-${stack.id}`, `smoke-${name}-stock-${stack.id}`];
}

function base(stack: Stack): string {
  return endpointOf(stack, 'tempo', 'http').url;
}

function send(
  stack: Stack,
  signal: AbortSignal,
  protocol: Protocol,
  from: string,
  to: string,
): Promise<SentSpan> {
  const { url } = endpointOf(stack, 'tempo', protocol);
  const request = `a trace of two spans, of ${from} and ${to}, by ${protocol} to ${url}`;
  return ask(request, signal, () => sendCall({ protocol, url, from, to, name: 'reserve' }));
}

/** Sends a trace of a call to a service. */
export function sendCallTo(stack: Stack, signal: AbortSignal, service: string): Promise<SentSpan> {
  return send(stack, signal, 'otlp-http', `${service}-client`, service);
}

/** Asks for a trace by its ID until it has spans of all these services. */
export async function expectTrace(
  stack: Stack,
  signal: AbortSignal,
  traceId: string,
  services: readonly string[],
): Promise<void> {
  const headers = { accept: 'application/json' };
  await eventually(signal, async () => {
    const { heard, json } = await httpJson(`${base(stack)}/api/traces/${traceId}`, signal, { headers });
    const found = spansOf(json).filter((span) => span.traceId === traceId);
    const missing = services.filter((service) => !found.some((span) => span.service === service));
    if (missing.length > 0) throw broken(heard, `the trace has no span of ${missing.join(' and ')}`);
  });
}

import { asArray, asObject } from '../../src/core/json.ts';
import { broken, eventually, httpJson, httpOk } from '../clients/http.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';

export const lokiChecks: readonly Check[] = [
  {
    id: 'loki.push',
    system: 'loki',
    promise: 'A line that is pushed is found by its labels, and by no others.',
    needs: ['loki'],
    deadline: 20_000,
    run: pushAndFind,
  },
];

async function pushAndFind(stack: Stack, signal: AbortSignal): Promise<void> {
  const labels = { service_name: `smoke-${stack.id}`, level: 'info' };
  const line = `order ${stack.id} placed`;
  await push(stack, signal, labels, line);
  await push(stack, signal, { ...labels, level: 'debug' }, `${line} elsewhere`);
  await expectLine(stack, signal, `{service_name="smoke-${stack.id}", level="info"}`, line);
}

/** Asks Loki until a query has one line, this one. */
export async function expectLine(
  stack: Stack,
  signal: AbortSignal,
  query: string,
  line: string,
): Promise<void> {
  const url = `${base(stack)}/loki/api/v1/query_range?${new URLSearchParams({ query })}`;
  await eventually(signal, async () => {
    const { heard, json } = await httpJson(url, signal);
    const streams = asArray(asObject(asObject(json)?.['data'])?.['result']);
    const values = streams.flatMap((stream) => asArray(asObject(stream)?.['values']));
    const lines = values.map((value) => asArray(value)[1]);
    if (lines.length !== 1 || lines[0] !== line)
      throw broken(heard, `${lines.length} lines instead of the one that was pushed`);
  });
}

function base(stack: Stack): string {
  return endpointOf(stack, 'loki', 'http').url;
}

/** Pushes one line as a stream of its own, with the time of now. */
export async function push(
  stack: Stack,
  signal: AbortSignal,
  stream: Readonly<Record<string, string>>,
  line: string,
): Promise<void> {
  const values = [[`${Date.now()}000000`, line]];
  await httpOk(`${base(stack)}/loki/api/v1/push`, signal, { json: { streams: [{ stream, values }] } });
}

/** A line that comes by OTLP, with its trace beside it. */
export interface TracedLine {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly line: string;
}

/** Sends one line by OTLP, with the time of now. */
export async function pushOtlp(stack: Stack, signal: AbortSignal, traced: TracedLine): Promise<void> {
  const { service, traceId, spanId, line } = traced;
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  const record = { timeUnixNano: `${Date.now()}000000`, body: { stringValue: line }, traceId, spanId };
  const json = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [record] }] }] };
  await httpOk(`${base(stack)}/otlp/v1/logs`, signal, { json });
}

import { asArray, asObject, asString } from '../../src/core/json.ts';
import { broken, eventually } from '../clients/http.ts';
import { shown } from '../core/asking.ts';
import type { Check, Stack } from '../core/check.ts';
import {
  logRows,
  logsOfSpan,
  metricsOfSpan,
  type SpanFacts,
  tracesOfLine,
  valuesOf,
} from '../core/grafana-links.ts';
import { dataSource, grafana, queryThrough } from './grafana-api.ts';
import { push, pushOtlp } from './loki.ts';
import { sendCallTo } from './tempo.ts';

const system = 'grafana';
const needs = ['grafana', 'loki', 'tempo'];
const deadline = 30_000;

export const grafanaLinkChecks: readonly Check[] = [
  {
    id: 'grafana.trace-to-logs',
    system,
    promise: 'The link from a span to its logs leads to the lines of its trace, and to no others.',
    needs,
    deadline,
    run: fromTrace,
  },
  {
    id: 'grafana.logs-to-trace',
    system,
    promise: 'The links beside a line lead to its trace, which is in its text or came beside it by OTLP.',
    needs,
    deadline,
    run: fromLogs,
  },
  {
    id: 'grafana.link-targets',
    system,
    promise: 'Every data source that another one leads to is there.',
    needs: ['grafana'],
    deadline,
    run: targets,
  },
];

async function fromTrace(stack: Stack, signal: AbortSignal): Promise<void> {
  const service = `smoke-span-${stack.id}`;
  const { traceId } = await sendCallTo(stack, signal, service);
  await push(stack, signal, { service_name: service }, `no trace in this line of ${stack.id}`);
  await push(stack, signal, { service_name: service }, lineOf(traceId));
  await followToLogs(stack, signal, { traceId, service, line: lineOf(traceId) });
}

async function fromLogs(stack: Stack, signal: AbortSignal): Promise<void> {
  const service = `smoke-line-${stack.id}`;
  const { traceId, spanId } = await sendCallTo(stack, signal, service);
  const line = `no trace in the text of ${stack.id}`;
  await push(stack, signal, { service_name: service }, lineOf(traceId));
  await pushOtlp(stack, signal, { service, traceId, spanId, line });
  for (const each of [lineOf(traceId), line]) await followToTrace(stack, signal, { service, line: each });
}

function lineOf(traceId: string): string {
  return `level=info trace_id=${traceId} msg="order placed"`;
}

interface Linked {
  readonly service: string;
  readonly line: string;
}

interface Traced {
  readonly traceId: string;
  readonly service: string;
}

/** Opens a trace through Grafana; what it shows of the span of a service. */
async function openSpan(stack: Stack, signal: AbortSignal, { traceId, service }: Traced): Promise<SpanFacts> {
  const { heard, json } = await queryThrough(stack, signal, 'tempo', {
    queryType: 'traceId',
    query: traceId,
  });
  const at = valuesOf(json, ['serviceName']).indexOf(service);
  if (at < 0) throw broken(heard, `the trace has no span of ${service}`);
  const tags = asArray(valuesOf(json, ['serviceTags'])[at]).map((tag) => asObject(tag) ?? {});
  const attributes = Object.fromEntries(tags.map(({ key, value }) => [String(key), asString(value) ?? '']));
  return { traceId, attributes };
}

/** Opens a trace through Grafana and goes from its span to the logs, as Grafana's pages do. */
export async function followToLogs(
  stack: Stack,
  signal: AbortSignal,
  { line, ...traced }: Linked & Traced,
): Promise<void> {
  const { settings, heard } = await dataSource(stack, signal, 'tempo');
  await eventually(signal, async () => {
    const link = logsOfSpan(settings, await openSpan(stack, signal, traced));
    if (link === undefined) throw broken(heard, 'there is no link from this span to its logs');
    const range = { expr: link.query, queryType: 'range', maxLines: 10 };
    const logs = await queryThrough(stack, signal, link.datasource, range);
    const lines = logRows(logs.json).map((row) => row.line);
    if (!lines.includes(line)) throw broken(logs.heard, 'the link does not lead to the line of the trace');
    if (lines.some((each) => each !== line)) throw broken(logs.heard, 'the link leads to other lines, too');
  });
}

/** Opens a trace through Grafana and goes from its span to the metrics, as Grafana's pages do. */
export async function followToMetrics(stack: Stack, signal: AbortSignal, traced: Traced): Promise<void> {
  const { settings, heard } = await dataSource(stack, signal, 'tempo');
  await eventually(signal, async () => {
    const links = metricsOfSpan(settings, await openSpan(stack, signal, traced));
    if (links.length === 0) throw broken(heard, 'there is no link from this span to metrics');
    for (const { datasource, query } of links) {
      const told = await queryThrough(stack, signal, datasource, { expr: query, range: true });
      if (valuesOf(told.json).length === 0) throw broken(told.heard, 'the link leads to no metric');
    }
  });
}

/** Finds a line through Grafana and goes from it to its trace, as Grafana's pages do. */
export async function followToTrace(
  stack: Stack,
  signal: AbortSignal,
  { service, line }: Linked,
): Promise<void> {
  const { settings, heard } = await dataSource(stack, signal, 'loki');
  await eventually(signal, async () => {
    const range = { expr: `{service_name="${service}"}`, queryType: 'range', maxLines: 10 };
    const logs = await queryThrough(stack, signal, 'loki', range);
    const row = logRows(logs.json).find((each) => each.line === line);
    if (row === undefined) throw broken(logs.heard, `the line "${line}" is not there`);
    const [link] = tracesOfLine(settings, row);
    if (link === undefined) throw broken(heard, `there is no link from ${shown(row)} to a trace`);
    const traced = { queryType: 'traceId', query: link.query };
    const trace = await queryThrough(stack, signal, link.datasource, traced);
    if (!valuesOf(trace.json, ['serviceName']).includes(service))
      throw broken(trace.heard, `the link leads to a trace without ${service}`);
  });
}

async function targets(stack: Stack, signal: AbortSignal): Promise<void> {
  const { heard, json } = await grafana(stack, signal, '/api/datasources');
  const sources = asArray(json).map((source) => asObject(source) ?? {});
  const there = sources.map(({ uid }) => uid);
  const settings = JSON.stringify(sources.map(({ jsonData }) => jsonData));
  const named = [...settings.matchAll(/"datasourceUid":"([^"]*)"/g)].map(([, uid]) => uid);
  const missing = named.filter((uid) => !there.includes(uid));
  if (named.length === 0) throw broken(heard, 'no data source leads to another');
  if (missing.length > 0) throw broken(heard, `these are not there: ${[...new Set(missing)].join(', ')}`);
}

import { asArray, asObject, asString, type Json } from '../../src/core/json.ts';

/** A query that a link opens, and the data source that it goes to. */
export interface LinkedQuery {
  readonly datasource: string;
  readonly query: string;
}

/** What a person sees of a span when Grafana makes a link for it. */
export interface SpanFacts {
  readonly traceId: string;
  /** Attributes of the span and of its resource. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The query of the button "Logs for this span", which Grafana's pages make of the setting `tracesToLogsV2` of a data source for
 * traces; undefined where it makes none. As Grafana 12.4 makes it (public/app/features/explore/TraceView/createSpanLink.tsx).
 */
export function logsOfSpan(settings: Json, span: SpanFacts): LinkedQuery | undefined {
  const link = asObject(settings['tracesToLogsV2']);
  const datasource = asString(link?.['datasourceUid']);
  const labels = labelsOf(link, span);
  if (datasource === undefined || labels === '') return undefined;
  const filter =
    link?.['filterByTraceID'] === true
      ? ` | label_format log_line_contains_trace_id=\`{{ contains "${span.traceId}" __line__  }}\`` +
        ` | log_line_contains_trace_id="true" or trace_id="${span.traceId}"`
      : '';
  return { datasource, query: `{${labels}}${filter}` };
}

/** The queries of the links from a span to its metrics, which Grafana's pages make of the setting `tracesToMetrics`. */
export function metricsOfSpan(settings: Json, span: SpanFacts): readonly LinkedQuery[] {
  const link = asObject(settings['tracesToMetrics']);
  const datasource = asString(link?.['datasourceUid']);
  const labels = labelsOf(link, span);
  if (datasource === undefined) return [];
  return asArray(link?.['queries']).map((item) => {
    const query = asString(asObject(item)?.['query']) ?? '';
    return { datasource, query: query.replace(/\$__tags/g, () => labels) };
  });
}

/** The selector that a link makes of the attributes of a span. */
function labelsOf(link: Json | undefined, { attributes }: SpanFacts): string {
  const labels = asArray(link?.['tags']).flatMap((item) => {
    const tag = asObject(item) ?? {};
    const key = asString(tag['key']) ?? '';
    const value = attributes[key];
    const label = asString(tag['value']) || key.replaceAll('.', '_');
    return value === undefined ? [] : [`${label}=${JSON.stringify(value)}`];
  });
  return labels.join(', ');
}

/** A line of a log, as a data source for logs gives it. */
export interface LogRow {
  readonly line: string;
  /** Labels of its stream and its structured metadata. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The links beside a line of a log, which Grafana's pages make of the setting `derivedFields` of a data source for logs. */
export function tracesOfLine(settings: Json, row: LogRow): readonly LinkedQuery[] {
  return asArray(settings['derivedFields']).flatMap((item) => {
    const field = asObject(item) ?? {};
    const datasource = asString(field['datasourceUid']);
    const value = derivedValue(field, row);
    if (datasource === undefined || value === undefined) return [];
    const template = asString(field['url']) ?? '';
    return [{ datasource, query: template.replace(/\$\{__value\.raw\}/g, () => value) }];
  });
}

function derivedValue(field: Json, { line, labels }: LogRow): string | undefined {
  const matcher = asString(field['matcherRegex']) ?? '';
  if (field['matcherType'] === 'label')
    return Object.entries(labels).find(([name]) => new RegExp(`^(?:${matcher})$`).test(name))?.[1];
  return new RegExp(matcher).exec(line)?.[1];
}

/** The rows of Grafana's answer to a query for logs. */
export function logRows(answer: unknown): readonly LogRow[] {
  return framesOf(answer).flatMap((frame) => {
    const lines = column(frame, ['Line', 'body']);
    const labels = column(frame, ['labels']);
    return lines.map((line, index) => ({
      line: asString(line) ?? '',
      labels: stringsOf(labels[index]),
    }));
  });
}

/** The values of a column of Grafana's answer, or of all columns, of all frames together. */
export function valuesOf(answer: unknown, names?: readonly string[]): readonly unknown[] {
  return framesOf(answer).flatMap((frame) =>
    names === undefined
      ? asArray(asObject(frame['data'])?.['values']).flatMap(asArray)
      : column(frame, names),
  );
}

function framesOf(answer: unknown): readonly Json[] {
  const results = Object.values(asObject(asObject(answer)?.['results']) ?? {});
  return results.flatMap((result) =>
    asArray(asObject(result)?.['frames']).map((frame) => asObject(frame) ?? {}),
  );
}

function column(frame: Json, names: readonly string[]): readonly unknown[] {
  const fields = asArray(asObject(frame['schema'])?.['fields']);
  const at = fields.findIndex((field) => names.includes(asString(asObject(field)?.['name']) ?? ''));
  return asArray(asArray(asObject(frame['data'])?.['values'])[at]);
}

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(asObject(value) ?? {}).map(([name, text]) => [name, asString(text) ?? '']);
  return Object.fromEntries(pairs);
}

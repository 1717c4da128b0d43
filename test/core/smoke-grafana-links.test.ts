import { describe, expect, test } from 'vitest';
import {
  logRows,
  logsOfSpan,
  metricsOfSpan,
  tracesOfLine,
  valuesOf,
} from '../../smoke/core/grafana-links.ts';
import { asArray, asObject } from '../../src/core/json.ts';
import { readYaml } from './stack-file.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

/** The settings of a data source of the stack, as Grafana has them once it has read `$$` as `$`. */
function settings(name: string) {
  const found = asArray(readYaml('grafana/datasources.yml')['datasources']).find(
    (each) => asObject(each)?.['name'] === name,
  );
  return asObject(JSON.parse(JSON.stringify(asObject(found)?.['jsonData']).replaceAll('$$', '$'))) ?? {};
}

describe('from a span to its logs', () => {
  const span = { traceId, attributes: { 'service.name': 'or"ders', other: 'x' } };

  test('as the stack’s data source has it', () => {
    expect(logsOfSpan(settings('Tempo'), span)).toEqual({
      datasource: 'loki',
      query:
        '{service_name="or\\"ders"} | label_format log_line_contains_trace_id=`{{ contains "0af7651916cd43dd8448eb211c80319c" __line__  }}`' +
        ' | log_line_contains_trace_id="true" or trace_id="0af7651916cd43dd8448eb211c80319c"',
    });
  });

  const link = { datasourceUid: 'logs', tags: [{ key: 'service.name' }, { key: 'pod', value: 'k8s_pod' }] };

  test.each([
    [{ 'service.name': 'a', pod: 'p' }, '{service_name="a", k8s_pod="p"}'],
    [{ pod: 'p' }, '{k8s_pod="p"}'],
  ])('by the attributes that it has: %j', (attributes, query) => {
    const found = logsOfSpan({ tracesToLogsV2: link }, { traceId, attributes });
    expect(found).toEqual({ datasource: 'logs', query });
  });

  test.each([
    [{}, { 'service.name': 'a' }],
    [{ tracesToLogsV2: { tags: link.tags } }, { 'service.name': 'a' }],
    [{ tracesToLogsV2: link }, { job: 'a' }],
    [{ tracesToLogs: link }, { 'service.name': 'a' }],
  ])('not at all with %j for %j', (json, attributes) => {
    expect(logsOfSpan(json, { traceId, attributes })).toBeUndefined();
  });
});

test('from a span to its metrics, as the stack’s data source has it', () => {
  const links = metricsOfSpan(settings('Tempo'), { traceId, attributes: { 'service.name': 'orders' } });
  expect(links.map(({ datasource }) => datasource)).toEqual(['prometheus', 'prometheus']);
  expect(links[0]?.query).toBe('sum(rate(traces_spanmetrics_calls_total{service="orders"}[1m]))');
  expect(metricsOfSpan({}, { traceId, attributes: {} })).toEqual([]);
});

describe('from a line to its trace, as the stack’s data source has it', () => {
  test.each([
    [`level=info trace_id=${traceId} order placed`, {}],
    [`{"traceId":"${traceId}"}`, {}],
    [`TraceID: ${traceId}`, {}],
    ['order placed', { trace_id: traceId, service_name: 'orders' }],
  ])('%s %j', (line, labels) => {
    expect(tracesOfLine(settings('Loki'), { line, labels })).toEqual([
      { datasource: 'tempo', query: traceId },
    ]);
  });

  test.each([
    ['order placed', {}],
    ['order placed', { my_trace_id: traceId }],
    [`trace ${traceId}`, { service_name: 'orders' }],
  ])('and from no other: %s %j', (line, labels) => {
    expect(tracesOfLine(settings('Loki'), { line, labels })).toEqual([]);
  });

  test('nor without a data source', () => {
    const field = { matcherRegex: 'id=(\\w+)', url: '$'.concat('{__value.raw}') };
    expect(tracesOfLine({ derivedFields: [field] }, { line: 'id=a', labels: {} })).toEqual([]);
    expect(tracesOfLine({}, { line: 'id=a', labels: {} })).toEqual([]);
  });
});

describe('Grafana’s answers', () => {
  const frame = (values: readonly unknown[], ...names: readonly string[]) => ({
    schema: { fields: names.map((name) => ({ name })) },
    data: { values },
  });
  const answer = (...frames: readonly unknown[]) => ({ results: { A: { status: 200, frames } } });

  test('are rows of labels and a line, by either name', () => {
    const old = frame(
      [
        [{ a: 1 }, null],
        [1, 2],
        ['one', 'two'],
      ],
      'labels',
      'Time',
      'Line',
    );
    const plane = frame([[1], ['three'], [{ b: 'x' }]], 'timestamp', 'body', 'labels');
    expect(logRows(answer(old, plane))).toEqual([
      { line: 'one', labels: { a: '1' } },
      { line: 'two', labels: {} },
      { line: 'three', labels: { b: 'x' } },
    ]);
  });

  test.each([
    undefined,
    null,
    {},
    'x',
    { results: { A: { error: 'no' } } },
    answer({}),
    answer(frame([], 'Line')),
  ])('without rows: %j', (empty) => {
    expect(logRows(empty)).toEqual([]);
    expect(valuesOf(empty, ['Line'])).toEqual([]);
  });
});

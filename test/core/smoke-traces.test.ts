import { describe, expect, test } from 'vitest';
import { foundTraces, spanOf, spansOf, traceparent } from '../../smoke/core/traces.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const base64 = Buffer.from(traceId, 'hex').toString('base64');
const resource = {
  attributes: [{ key: 'other' }, { key: 'service.name', value: { stringValue: 'orders' } }],
};
const batch = (id: string) => ({ resource, scopeSpans: [{ spans: [{ traceId: id, name: 'reserve' }] }] });
const found = [{ traceId, service: 'orders', name: 'reserve' }];

describe('a trace', () => {
  test.each([
    ['as the first API has it', { batches: [batch(base64)] }],
    ['as the second API has it', { trace: { resourceSpans: [batch(base64)] }, metrics: {} }],
    ['as OTLP has it', { resourceSpans: [batch(traceId.toUpperCase())] }],
  ])('%s', (_, answer) => {
    expect(spansOf(answer)).toEqual(found);
  });

  test.each([undefined, 'trace not found', {}, { batches: [{}] }, { batches: 7 }])(
    'that is none: %j',
    (answer) => {
      expect(spansOf(answer)).toEqual([]);
    },
  );
});

test('a search leaves leading zeros out', () => {
  expect(foundTraces({ traces: [{ traceID: traceId.slice(1) }, { traceID: 'ff' }] })).toEqual([
    traceId,
    'ff'.padStart(32, '0'),
  ]);
  expect(foundTraces({ metrics: {} })).toEqual([]);
});

describe('the context of a trace', () => {
  const ids = { traceId, spanId: 'b7ad6b7169203331' };

  test('goes into a header and comes out of it', () => {
    expect(traceparent(ids)).toBe(`00-${traceId}-b7ad6b7169203331-01`);
    expect(spanOf(traceparent(ids))).toEqual(ids);
  });

  test.each([
    undefined,
    '',
    traceId,
    `00-${traceId}-b7ad6b7169203331`,
    `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`,
  ])('is not in %j', (header) => {
    expect(spanOf(header)).toBeUndefined();
  });
});

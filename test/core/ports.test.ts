import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assignPorts,
  portClashes,
  portsToChoose,
  portVariable,
  portVariables,
  publishedPorts,
} from '../../src/core/ports.ts';
import { sampleModel } from './sample.ts';

const wanted = publishedPorts(sampleModel, ['store', 'queue']);

test('the published ports of the services that take part, in order', () => {
  expect(wanted).toEqual([
    { service: 'store', target: 7003, protocol: 'tcp', host: 7003 },
    { service: 'queue', target: 7002, protocol: 'tcp', host: 7002 },
    { service: 'queue', target: 7012, protocol: 'udp' },
  ]);
  expect(publishedPorts(sampleModel, ['app', 'unknown'])).toEqual([]);
});

describe('host ports', () => {
  const hosts = (mode: 'fixed' | 'dynamic', free: readonly number[]) =>
    assignPorts(wanted, mode, free).map(({ host }) => host);

  test('fixed: the file’s own, and a free one where it names none', () => {
    expect(portsToChoose(wanted, 'fixed')).toBe(1);
    expect(hosts('fixed', [50_001])).toEqual([7003, 7002, 50_001]);
  });

  test('dynamic: free ones throughout', () => {
    expect(portsToChoose(wanted, 'dynamic')).toBe(3);
    expect(hosts('dynamic', [50_001, 50_002, 50_003])).toEqual([50_001, 50_002, 50_003]);
  });

  test('too few free ones are an error, not a wrong port', () => {
    expect(() => hosts('dynamic', [50_001])).toThrow(RangeError);
  });

  test('differ whenever the free ones differ from each other and from the fixed', () => {
    const port = fc.record({
      service: fc.constantFrom('a', 'b', 'c'),
      target: fc.integer({ min: 1, max: 65_535 }),
      protocol: fc.constantFrom('tcp', 'udp'),
      host: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: undefined }),
    });
    const ports = fc.uniqueArray(port, { selector: ({ host }) => host ?? {}, maxLength: 20 });
    const free = fc.uniqueArray(fc.integer({ min: 32_768, max: 60_999 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(ports, fc.constantFrom('fixed' as const, 'dynamic' as const), free, (all, mode, spare) => {
        const asked = all.map(({ host, ...rest }) => ({ ...rest, ...(host === undefined ? {} : { host }) }));
        const enough = spare.slice(0, portsToChoose(asked, mode));
        const bindings = assignPorts(asked, mode, enough);
        expect(bindings.map(({ service, target }) => [service, target])).toEqual(
          asked.map(({ service, target }) => [service, target]),
        );
        expect(new Set(bindings.map(({ host }) => host)).size).toBe(bindings.length);
        expect(portClashes(bindings)).toEqual([]);
      }),
    );
  });
});

describe('two services on one host port', () => {
  const binding = { service: 'a', target: 80, protocol: 'tcp', host: 8080 };

  test('are reported with both names', () => {
    expect(portClashes([binding, { ...binding, service: 'b' }])).toEqual([
      { where: 'ports', what: 'a and b both publish 8080/tcp; set `ports: dynamic`, or change one of them' },
    ]);
  });

  test('are fine where protocol or port differ', () => {
    expect(portClashes([binding, { ...binding, protocol: 'udp' }, { ...binding, host: 8081 }])).toEqual([]);
  });
});

describe('variables of Compose text', () => {
  test.each([
    ['kafka', 9092, 'PAKLOG_PORT_KAFKA_9092'],
    ['pinot-controller', 9000, 'PAKLOG_PORT_PINOT_CONTROLLER_9000'],
    ['a.b_c', 1, 'PAKLOG_PORT_A_B_C_1'],
  ])('%s %i', (service, target, name) => {
    expect(portVariable(service, target)).toBe(name);
  });

  test('carry the host ports', () => {
    expect(portVariables(assignPorts(wanted, 'fixed', [50_001]))).toEqual({
      PAKLOG_PORT_STORE_7003: '7003',
      PAKLOG_PORT_QUEUE_7002: '7002',
      PAKLOG_PORT_QUEUE_7012: '50001',
    });
  });
});

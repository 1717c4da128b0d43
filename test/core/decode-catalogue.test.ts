import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';

function problemsOf(value: unknown): readonly string[] {
  return decodeCatalogue(value).problems.map(({ where, what }) => `${where}: ${what}`);
}

const withCheck = (check: unknown) => ({
  systems: { a: { endpoints: { e: { port: 80 } }, probe: [check] } },
});
const withTurn = (turn: unknown) => withCheck({ tcp: { endpoint: 'e', exchange: [turn] } });
const met = { expect: { starts: [{ text: 'x' }] } };

test('every mistake is reported, each with its path', () => {
  const catalogue = {
    systems: {
      a: {
        endpoints: { one: { port: 0 }, two: { port: 80, 'inside-port': 'http' }, three: {} },
        probe: [
          {},
          { http: { endpoint: 'four' } },
          { tcp: { endpoint: 'two' } },
          { tcp: { endpoint: 'two', exchange: [{ send: [{ text: 'x' }, { bytes: 'y' }] }] } },
          { http: { endpoint: 'two', body: '(' } },
        ],
      },
    },
    inputs: { odd: { system: 'a' }, worse: { exec: { command: ['x'] }, lines: '[' } },
  };
  expect(problemsOf(catalogue).join('\n')).toBe(
    [
      'x-paklog.systems.a.endpoints.one.port: must be a port, 1 to 65535, not 0',
      'x-paklog.systems.a.endpoints.two.inside-port: must be a port, 1 to 65535, not "http"',
      'x-paklog.systems.a.endpoints.three.port: must be a port, 1 to 65535, not nothing',
      'x-paklog.systems.a.probe: each check is `http` or `tcp`',
      'x-paklog.systems.a.probe: a tcp check needs an `exchange`',
      'x-paklog.systems.a.probe: every turn needs something to `expect`',
      'x-paklog.systems.a.probe: {"bytes":"y"} is no part of a message',
      'x-paklog.systems.a.probe: "(" is not a regular expression',
      'x-paklog.inputs.odd: must have `exec` or `render` with `lines`, `mount` or `send` with `files`, or `overlay`',
      'x-paklog.inputs.worse: "[" is not a regular expression',
      'x-paklog.inputs.worse: must have `exec` or `render` with `lines`, `mount` or `send` with `files`, or `overlay`',
      'x-paklog.systems.a.probe: there is no endpoint four of a',
    ].join('\n'),
  );
});

describe('ports', () => {
  test.each([1, 65_535, '8080'])('%j is one', (port) => {
    expect(problemsOf({ systems: { a: { endpoints: { e: { port } } } } })).toEqual([]);
  });

  test.each([0, 65_536, -1, 80.5, 'abc', '22:22', null, [80], {}, true])('%j is none', (port) => {
    expect(problemsOf({ systems: { a: { endpoints: { e: { port } } } } })).toHaveLength(1);
  });
});

describe('http checks', () => {
  test.each([{}, { path: '/a?b=%20', status: '204', body: '^ok$', user: 'admin:admin' }, { status: 503 }])(
    '%j',
    (check) => {
      expect(problemsOf(withCheck({ http: { endpoint: 'e', ...check } }))).toEqual([]);
    },
  );

  test.each([
    { status: 'ok' },
    { status: 0 },
    { status: 2000 },
    { path: 'health' },
    { path: '/two words' },
    { path: '/a\r\nHost: b' },
    { body: '*' },
  ])('not %j', (check) => {
    expect(problemsOf(withCheck({ http: { endpoint: 'e', ...check } }))).toHaveLength(1);
  });

  test('may ask another system, which must have the endpoint', () => {
    const systems = (endpoint: string) => ({
      systems: {
        a: { probe: [{ http: { system: 'b', endpoint } }] },
        b: { endpoints: { e: { port: 80 } } },
      },
    });
    expect(problemsOf(systems('e'))).toEqual([]);
    expect(problemsOf(systems('x'))).toEqual(['x-paklog.systems.a.probe: there is no endpoint x of b']);
  });
});

describe('parts of a message', () => {
  test.each([
    { text: '' },
    { text: 'PING\r\n' },
    { hex: '0000 000a' },
    { hex: '' },
    { hex: 'FF\n00' },
    { string16: '{host}' },
    { string16: 'x'.repeat(65_535) },
    { int32: '{port}' },
    { int32: -2_147_483_648 },
    { int32: '2147483647' },
  ])('%#', (part) => {
    expect(problemsOf(withTurn({ ...met, send: [part] }))).toEqual([]);
  });

  const impossible: readonly unknown[] = [
    { hex: '0' },
    { hex: 'xy' },
    { hex: '0 0' },
    { string16: 'x'.repeat(65_536) },
    { int32: '2147483648' },
    { int32: 'many' },
    { int32: '' },
    { int32: '{host}' },
    { constructor: 'x' },
    { TEXT: 'x' },
    {},
    null,
    'PING',
  ];

  test.each(impossible)('not %#', (part) => {
    expect(problemsOf(withTurn({ ...met, send: [part] }))).toHaveLength(1);
  });
});

test.each(['__proto__', 'constructor'])('%s is a name like any other', (name) => {
  const json = `{"systems":{"${name}":{"endpoints":{"e":{"port":80,"env":{"default":{"${name}":"{url}"}}}}}}}`;
  const { catalogue, problems } = decodeCatalogue(JSON.parse(json));
  expect(problems).toEqual([]);
  expect([...catalogue.systems.keys()]).toEqual([name]);
  const [endpoint] = catalogue.systems.get(name)?.endpoints ?? [];
  expect(Object.entries(endpoint?.env['default'] ?? {})).toEqual([[name, '{url}']]);
});

test('no catalogue is an empty one', () => {
  const { catalogue, problems } = decodeCatalogue(undefined);
  expect([catalogue.systems.size, catalogue.inputs, problems]).toEqual([0, [], []]);
});

test('whatever a file says, it is decoded or reported', () => {
  const names = fc.constantFrom(
    'systems',
    'inputs',
    'a',
    'endpoints',
    'probe',
    'tcp',
    'http',
    'exchange',
    'e',
    'env',
    'causes',
    'log',
    'exit-code',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 8, depthSize: 'medium' },
      fc.constantFrom<unknown>(null, 7, 'text', true, ''),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(names, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const { problems } = decodeCatalogue(value);
      expect(problems.every(({ where }) => where.startsWith('x-paklog.'))).toBe(true);
    }),
  );
});

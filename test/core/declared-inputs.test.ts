import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DeclaredInput,
  type InputEffect,
  readDeclared,
} from '../../src/core/catalogue/declared-inputs.ts';
import { anyText } from './any-text.ts';

const input = (effect: InputEffect): DeclaredInput => ({
  name: 'topics',
  system: 'queue',
  description: '',
  form: 'name[:partitions]',
  effect,
});

const exec = input({
  kind: 'exec',
  lines: /^(?<name>[a-z._-]{1,20})(?::(?<partitions>[1-9][0-9]{0,3}))?$/,
  defaults: { partitions: '1' },
  command: ['make', '{name}', '--parts={partitions}', '{other}', '{constructor}'],
  perWord: [],
  environment: { HEAP: '-Xmx128m' },
});
const mount = input({ kind: 'mount', files: /\.(js|sh)$/, into: '/init', prefix: '50-' });
const overlay = input({ kind: 'overlay', file: 'replica.yaml' });
const common = { input: 'topics', system: 'queue' };

test.each([exec, mount, overlay])('an empty value asks for nothing (%#)', (each) => {
  expect(readDeclared(each, ' \n\t\n')).toEqual([]);
});

describe('commands', () => {
  test('one per line, filled from the line and the defaults, other braces as they are', () => {
    expect(readDeclared(exec, ' orders:12 \r\n\nstock\n')).toEqual([
      {
        kind: 'exec',
        ...common,
        commands: [
          ['make', 'orders', '--parts=12', '{other}', '{constructor}'],
          ['make', 'stock', '--parts=1', '{other}', '{constructor}'],
        ],
        environment: { HEAP: '-Xmx128m' },
      },
    ]);
  });

  test('every wrong line is reported, and then nothing is asked for', () => {
    expect(readDeclared(exec, 'orders\n--help me\nstock:0\n$(reboot)')).toEqual([
      { where: 'topics', what: '"--help me" is not name[:partitions]' },
      { where: 'topics', what: '"stock:0" is not name[:partitions]' },
      { where: 'topics', what: '"$(reboot)" is not name[:partitions]' },
    ]);
  });

  test('what a line fills in is not filled in again', () => {
    const lines = /^(?<name>.*)$/;
    const effect = { kind: 'exec', lines, defaults: {}, perWord: [], command: ['{name}', '$&'] } as const;
    expect(readDeclared(input({ ...effect, environment: {} }), '{name}$&')).toEqual([
      { kind: 'exec', ...common, commands: [['{name}$&', '$&']], environment: {} },
    ]);
  });
});

describe('files', () => {
  test('in the order given', () => {
    expect(readDeclared(mount, 'b.js\na.sh')).toEqual([
      { kind: 'mount', ...common, files: ['b.js', 'a.sh'], into: '/init', prefix: '50-' },
    ]);
  });

  test('of another kind are refused', () => {
    expect(readDeclared(mount, 'b.js\na.exe')).toEqual([
      { where: 'topics', what: '"a.exe" is not name[:partitions]' },
    ]);
  });
});

describe('switches', () => {
  test.each(['true', ' true\n'])('%j is on', (value) => {
    expect(readDeclared(overlay, value)).toEqual([{ kind: 'overlay', ...common, file: 'replica.yaml' }]);
  });

  test.each(['false', ' false '])('%j is off', (value) => {
    expect(readDeclared(overlay, value)).toEqual([]);
  });

  test.each(['yes', '1', 'TRUE', 'on', 'true\nfalse'])('%j is refused', (value) => {
    const shown = JSON.stringify(value.replace('\n', ' '));
    expect(readDeclared(overlay, value)).toEqual([
      { where: 'topics', what: `${shown} is neither true nor false` },
    ]);
  });
});

test('any text is a request or a problem, never an error, and never both', () => {
  fc.assert(
    fc.property(fc.constantFrom(exec, mount, overlay), anyText({ maxLength: 200 }), (each, value) => {
      const answers = readDeclared(each, value);
      const requests = answers.filter((answer) => 'kind' in answer);
      expect(requests.length === 0 || answers.length === 1).toBe(true);
    }),
  );
});

test('every command of an accepted text has as many words as the catalogue says', () => {
  const line = fc.stringMatching(/^[a-z._-]{1,20}(:[1-9][0-9]{0,3})?$/);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const [request] = readDeclared(exec, lines.join('\n'));
      const commands = request !== undefined && 'commands' in request ? request.commands : [];
      expect(commands.map((words) => words.length)).toEqual(lines.map(() => 5));
    }),
  );
});

describe('further words of a line', () => {
  const configured = input({
    kind: 'exec',
    lines: /^(?<name>[a-z]+)$/,
    words: /^(?<key>[a-z.]+)=(?<value>\S+)$/,
    perWord: ['--config', '{key}:{value}', '{name}'],
    defaults: { key: 'none' },
    command: ['make', '{name}', '{key}'],
    environment: {},
  });

  test('are added to its command, each filled in by itself', () => {
    expect(readDeclared(configured, 'orders  a.b=1\tc={name}\nstock')).toMatchObject([
      {
        commands: [
          ['make', 'orders', 'none', '--config', 'a.b:1', 'orders', '--config', 'c:{name}', 'orders'],
          ['make', 'stock', 'none'],
        ],
      },
    ]);
  });

  test.each(['orders a', 'orders a=1 b', 'a=1', 'Orders a=1'])('of another form are refused: %s', (line) => {
    expect(readDeclared(configured, line)).toEqual([
      { where: 'topics', what: `"${line}" is not name[:partitions]` },
    ]);
  });
});

describe('a file that is written from lines', () => {
  const targets = input({
    kind: 'render',
    lines: /^(?<job>\w+)=(?<address>[\w.:]+)(?<path>\/\S*)?$/,
    defaults: { path: '/metrics' },
    entry: { targets: ['{address}'], labels: { job: '{job}', path: '{path}' }, weight: 1 },
    into: '/etc/targets.json',
  });

  test('is a list with one entry for each', () => {
    const [request] = readDeclared(targets, 'a=host:1\nb=host:2/x"y');
    const text = request !== undefined && 'text' in request ? request.text : '';
    expect(request).toEqual({ kind: 'render', ...common, text, into: '/etc/targets.json' });
    expect(JSON.parse(text)).toEqual([
      { targets: ['host:1'], labels: { job: 'a', path: '/metrics' }, weight: 1 },
      { targets: ['host:2'], labels: { job: 'b', path: '/x"y' }, weight: 1 },
    ]);
  });

  test('is not written from a wrong line', () => {
    expect(readDeclared(targets, 'a=host:1\n=host')).toEqual([
      { where: 'topics', what: '"=host" is not name[:partitions]' },
    ]);
  });
});

test('files that are sent are named in the order given, and read later', () => {
  const rules = [{ fields: ['a'], system: 'queue', endpoint: 'e', path: '/a', status: [200] }];
  const send = input({ kind: 'send', files: /\.json$/, rules, after: ['store'] });
  expect(readDeclared(send, 'b.json\na.json')).toEqual([
    { kind: 'send', ...common, files: ['b.json', 'a.json'], rules, after: ['store'], messages: [] },
  ]);
  expect(readDeclared(send, 'b.yaml')).toEqual([
    { where: 'topics', what: '"b.yaml" is not name[:partitions]' },
  ]);
});

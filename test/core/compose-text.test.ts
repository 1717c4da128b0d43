import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkComposeText } from '../../src/core/compose-text.ts';
import { anyText } from './any-text.ts';

const good = 'services:\n  a:\n    image: a:1\n';

function refusal(text: string): string {
  const { map, problems } = checkComposeText('ci.yaml', text);
  expect(problems.length === 0 || Object.keys(map).length === 0).toBe(true);
  return problems.map(({ where, what }) => `${where}: ${what}`).join('\n');
}

/** Each level names the one before nine times: nine levels are 387 million entries in 400 bytes. */
function aliasBomb(levels: number): string {
  const line = (level: number) =>
    `x${level}: &x${level} [${level === 0 ? 'a' : Array.from({ length: 9 }, () => `*x${level - 1}`).join(',')}]`;
  return `${Array.from({ length: levels }, (_, level) => line(level)).join('\n')}\n${good}`;
}

describe('accepted', () => {
  test.each([
    ['a plain file', good],
    ['Windows line ends', good.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${good}`],
    ['both', `\uFEFF${good.replaceAll('\n', '\r\n')}`],
    ['an opening mark', `---\n${good}`],
    ['a closing mark', `${good}...\n`],
    ['Compose’s own tags', 'services:\n  a:\n    ports: !override []\n    command: !reset null\n'],
    ['JSON', '{"services": {"a": {"image": "a:1"}}}'],
    ['nothing but included files', 'include: [other.yaml]\n'],
    ['a few aliases', aliasBomb(3)],
    ['a comment', `# hello\n${good}`],
  ])('%s', (_, text) => {
    expect(refusal(text)).toBe('');
  });

  test('merged keys are read', () => {
    const text = `x-base: &base { image: a:1 }\nservices:\n  a:\n    <<: *base\n    platform: linux/amd64\n`;
    expect(checkComposeText('f', text).map).toMatchObject({
      services: { a: { image: 'a:1', platform: 'linux/amd64' } },
    });
  });

  test('a file with as many aliases as large real ones have', () => {
    const services = Array.from({ length: 1000 }, (_, index) => `  s${index}: *base`).join('\n');
    expect(refusal(`x-base: &base { image: a:1 }\nservices:\n${services}\n`)).toBe('');
  });

  test.each(['__proto__', 'constructor'])(
    '%s as the name of a service, without touching other maps',
    (name) => {
      const { map, problems } = checkComposeText('f', `services:\n  ${name}:\n    image: evil\n`);
      expect(problems).toEqual([]);
      expect(Object.keys(map['services'] as object)).toEqual([name]);
      expect(({} as Record<string, unknown>)['image']).toBeUndefined();
    },
  );
});

describe('refused', () => {
  test.each([
    ['an empty file', '', 'compose file ci.yaml: is empty'],
    ['blanks', ' \n\t\n', 'compose file ci.yaml: is empty'],
    ['comments alone', '# nothing\n', 'compose file ci.yaml: must hold exactly one YAML document'],
    ['two documents', `${good}---\n${good}`, 'compose file ci.yaml: must hold exactly one YAML document'],
    ['no services', 'name: x\n', 'compose file ci.yaml: has no services'],
    ['empty services', 'services: {}\n', 'compose file ci.yaml: has no services'],
    ['services as a list', 'services: [a]\n', 'compose file ci.yaml: has no services'],
    ['a list', '- a\n', 'compose file ci.yaml: must be a map with `services`'],
    ['a word', 'hello\n', 'compose file ci.yaml: must be a map with `services`'],
    ['null', 'null\n', 'compose file ci.yaml: must be a map with `services`'],
    [
      'a tab as indent',
      'services:\n\ta:\n\t\timage: a\n',
      'compose file ci.yaml: is not YAML: Tabs are not allowed as indentation at line 2, column 1',
    ],
    [
      'the same key twice',
      'services:\n  a: { image: a }\n  a: { image: b }\n',
      'compose file ci.yaml: is not YAML: Map keys must be unique at line 3, column 3',
    ],
    [
      'an unclosed quote',
      'services:\n  a: { image: "a }\n',
      'compose file ci.yaml: is not YAML: Missing closing "quote at line 3, column 1',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(message);
  });

  test('UTF-16', () => {
    expect(refusal(Buffer.from(`\uFEFF${good}`, 'utf16le').toString('utf8'))).not.toBe('');
  });

  test('an alias to nothing', () => {
    expect(refusal('services:\n  a: *missing\n')).toContain('missing');
  });

  test('a file of more than a mebibyte, and not one of just less', () => {
    const filled = (size: number) => `${good}#${'x'.repeat(size - good.length - 1)}`;
    expect(refusal(filled(1024 * 1024 + 1))).toBe('compose file ci.yaml: is larger than 1 MiB');
    expect(refusal(filled(1024 * 1024))).toBe('');
  });

  test('an alias bomb of 400 bytes', () => {
    const bomb = aliasBomb(9);
    expect(bomb.length).toBeLessThan(500);
    expect(refusal(bomb)).toContain('compose file ci.yaml: expands without end');
  });

  test('an alias bomb made of merge keys', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const keys = Array.from({ length: 9 }, (__, key) => `k${key}: *m${level}`).join(', ');
      return `m${level + 1}: &m${level + 1} { ${keys} }`;
    });
    expect(refusal(`m0: &m0 { a: b }\n${levels.join('\n')}\n${good}`)).toContain('expands without end');
  });

  test('a map that contains itself is refused or harmless', () => {
    const { map } = checkComposeText('f', 'services: &s\n  a: *s\n');
    expect(() => JSON.stringify(Object.keys(map))).not.toThrow();
  });

  test.each([
    ['lists', '['.repeat(20_000)],
    ['closed lists', `services: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['maps', '{a: '.repeat(20_000)],
    ['blocks', Array.from({ length: 1200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['sequences', '- '.repeat(20_000)],
  ])('nesting without end: %s', (_, text) => {
    expect(refusal(text)).not.toBe('');
  });
});

test('any text is read or refused, never an error', () => {
  const piece = fc.constantFrom(
    'services:',
    '\n',
    '  ',
    '- ',
    '&a',
    '*a',
    '<<: ',
    '{',
    '}',
    '[',
    ']',
    ': ',
    '"',
    'a',
    '!!x',
    '|',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText(),
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const { map, problems } = checkComposeText('f', text);
        expect(problems.length === 1 || 'services' in map || 'include' in map).toBe(true);
      },
    ),
  );
});

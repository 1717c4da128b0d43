import fc from 'fast-check';

/** What means something to Markdown, HTML, GitHub or a terminal, and what it is often next to. */
const pieces = [
  ...[
    '`',
    '``',
    '```',
    '~~~',
    '|',
    '\\',
    '\n',
    '\r\n',
    ' ',
    '  ',
    '\t',
    '*',
    '**',
    '_',
    '~~',
    '!',
    '.',
    ':',
    ';',
    '-',
    '+',
  ],
  ...[
    '# ',
    '> ',
    '- ',
    '1. ',
    '===',
    '---',
    '[x](http://evil.example)',
    '![x](http://evil.example/p.png)',
    '[x]: http://evil.example',
  ],
  ...[
    '<img src=x onerror=alert(1)>',
    '<script>',
    '</details>',
    '<b>',
    '<!--',
    '-->',
    '<http://evil.example>',
    '&lt;',
    '&#64;',
    '&',
  ],
  ...[
    'http://evil.example',
    'www.evil.example',
    'a@evil.example',
    'mailto:a@evil.example',
    '@octocat',
    '@org/team',
    '#123',
    'GH-1',
  ],
  ...[
    'org/repo#1',
    'octocat#2',
    '0123456789abcdef0123456789abcdef01234567',
    'deadbee',
    '$x$',
    '$$',
    ':tada:',
    '[!NOTE]',
    '[^1]',
  ],
  ...['\u001b[31m', '\u001b]0;x\u0007', '\u202e', '\u0000', '\ud83d', 'a', 'word', '0', '😀'],
];

/** Text that tries to be more than text. */
export const hostileText = fc
  .array(fc.constantFrom(...pieces), { maxLength: 12 })
  .map((parts) => parts.join(''));

/** Where the links of a page lead, and where its pictures come from. */
export function linksOf(html: string): readonly string[] {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, url = '']) => url);
}

export function tagsOf(html: string): readonly string[] {
  return [...new Set([...html.matchAll(/<([a-z][\w-]*)/g)].map(([, tag = '']) => tag))];
}

/** The text of a page that has no scripts and styles. */
export function textOf(html: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex?: string, decimal?: string, name = '') =>
      hex === undefined && decimal === undefined
        ? (named[name] ?? '')
        : String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    );
}

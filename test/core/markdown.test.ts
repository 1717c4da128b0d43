import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code, fenced, link, plain, plainLines, prose, table } from '../../src/core/markdown.ts';
import { anyText } from './any-text.ts';
import { githubHtml } from './github-html.ts';
import { hostileText, linksOf, tagsOf, textOf } from './hostile-text.ts';

describe('plain text', () => {
  test.each([
    ['colours', '\u001b[1;31mERROR\u001b[0m done', 'ERROR done'],
    [
      'a title and a link',
      '\u001b]0;title\u0007a \u001b]8;;http://example.com\u001b\\b\u001b]8;;\u001b\\',
      'a b',
    ],
    ['a sequence without its end', 'a\u001b]0;title', 'a'],
    ['control characters', 'a\u0000\u0008b\u007f\u0085c', 'abc'],
    ['a line that is drawn again and again', '10%\r20%\r\ndone', '10%\n20%\ndone'],
    ['marks that reorder or hide', 'a\u202eb\u2066c\u200bd', 'abcd'],
    ['half of a letter', 'a\ud83d', 'a\ufffd'],
    ['tabs and letters of all kinds', '\tgrün 名 😀', '\tgrün 名 😀'],
  ])('without %s', (_, text, shown) => {
    expect(plainLines(text)).toBe(shown);
  });

  test('on one line has single blanks and an end', () => {
    expect(plain('  a\n\tb\u2028c ')).toBe('a b c');
    expect(plain('abcdef', 4)).toBe('abc…');
  });
});

describe('code', () => {
  test.each([
    ['localhost:9092', '`localhost:9092`'],
    ['a `b` c', '``a `b` c``'],
    ['`', '`` ` ``'],
    ['a|b', '`a|b`'],
    [' \n', ''],
  ])('of %j', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });
});

describe('a sentence', () => {
  test.each([
    [
      'marks as they are',
      'Use *two* [x](y) <b> & c|d ~e~ \\',
      'Use \\*two\\* \\[x\\](y) &lt;b&gt; &amp; c|d \\~e\\~ \\\\',
    ],
    ['names with underscores', 'SERVICE_EXITED _x_', 'SERVICE_EXITED \\_x\\_'],
    ['code as code', 'Set `ports: dynamic`.', 'Set `ports: dynamic`.'],
    ['an address as code', 'See https://example.com/a.', 'See `https://example.com/a`.'],
    ['a mention as code', 'Thank @octocat, or a@b.example!', 'Thank `@octocat`, or `a@b.example`!'],
    ['references as code', '#12 and GH-3 and a/b#4', '`#12` and `GH-3` and `a/b#4`'],
    ['a formula as code', 'costs $x$ or :tada:', 'costs `$x$` or `:tada:`'],
    ['a lonely backtick', 'a ` b', 'a &#96; b'],
    ['code that touches code', '@a`b`c', '``@a`b`c``'],
    ['a list as a line', '1. - one', '1\\. - one'],
    ['a line as a line', '---', '\\---'],
    ['several lines', 'one\n\n two ', 'one<br>two'],
  ])('shows %s', (_, text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });
});

test('a log cannot end its block', () => {
  expect(fenced('a\n````\nb')).toBe('`````text\na\n````\nb\n`````');
  expect(fenced('x'.repeat(1001)).split('\n')[1]).toBe(`${'x'.repeat(999)}…`);
});

test('a table aligns columns of numbers to the right, and keeps pipes inside their cells', () => {
  expect(table(['a'], [['`a|b`'], ['a\\|b']]).slice(2)).toEqual(['| `a\\|b` |', '| a\\ \\|b |']);
  expect(table(['a', 'b:'], [['1', '2']])).toEqual(['| a | b |', '|---|--:|', '| 1 | 2 |']);
});

test.each([
  [
    'https://github.com/a/b/actions/runs/1/artifacts/2',
    '[`logs`](https://github.com/a/b/actions/runs/1/artifacts/2)',
  ],
  ['javascript:alert(1)', '`logs`'],
  ['https://example.com/a) [b](http://c', '`logs`'],
  [undefined, '`logs`'],
])('a link to %s', (url, markdown) => {
  expect(link('logs', url)).toBe(markdown);
});

describe('whatever comes from outside', () => {
  const inTable = (cell: string) => table(['a'], [[cell]]).join('\n');
  const anything = fc.oneof(hostileText, anyText());

  test('is shown by GitHub as it is, without links, pictures or other markup', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const html = githubHtml(`${inTable(`x ${prose(text)} y`)}\n\n> - ${prose(text)}`);
        expect(linksOf(html)).toEqual([]);
        expect(tagsOf(html)).toEqual(
          expect.arrayContaining(['blockquote', 'ul', 'li', 'table', 'tbody', 'td', 'th', 'thead', 'tr']),
        );
        expect(
          tagsOf(html).filter((tag) => !/^(blockquote|ul|li|table|tbody|td|th|thead|tr|code|br)$/.test(tag)),
        ).toEqual([]);
        expect(html.match(/<tr>/g)).toHaveLength(2);
        const squeezed = (all: string) => all.replace(/[`\s]/g, '');
        expect(squeezed(textOf(html))).toBe(squeezed(`ax${plain(text)}y${plain(text)}`));
      }),
    );
  });

  test('as code is one piece of code', () => {
    fc.assert(
      fc.property(anything, (text) => {
        fc.pre(plain(text) !== '');
        const html = githubHtml(inTable(code(text)));
        const [, shown = ''] = /<td><code>([^<]*)<\/code><\/td>/.exec(html) ?? [];
        expect(textOf(shown)).toBe(plain(text).replace(/\\(?=\|)/g, '\\ '));
      }),
    );
  });

  test('as a log is one block', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const html = githubHtml(`a\n\n${fenced(text)}\n\nb`);
        const [, shown = ''] =
          /^<p>a<\/p>\n<pre><code class="language-text">([^<]*)\n?<\/code><\/pre>\n<p>b<\/p>$/.exec(html) ??
          [];
        expect(textOf(shown).trim()).toBe(plainLines(text).trim());
      }),
    );
  });
});

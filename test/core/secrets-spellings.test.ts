import { describe, expect, test } from 'vitest';
import { spellings } from '../../src/core/redaction/spellings.ts';

/** Every sign that somebody escapes, and letters of one, two, three and four bytes. */
const secret = 'a /$&<>"\'\\+=%:@#~,;!*(){}[]?^|`é日🎉\nz';

describe('a secret is known', () => {
  test.each<[string, string]>([
    ['as it is', secret],
    ['in Compose’s output', secret.replace('$', () => '$$')],
    ['in JSON', 'a /$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|`é日🎉\\nz'],
    ['in JSON of Compose', 'a /$$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|`é日🎉\\nz'],
    ['in JSON of Go', 'a /$\\u0026\\u003c\\u003e\\"\'\\\\+=%:@#~,;!*(){}[]?^|`é日🎉\\nz'],
    ['in JSON of Gson', 'a /$\\u0026\\u003c\\u003e\\"\\u0027\\\\+\\u003d%:@#~,;!*(){}[]?^|`é日🎉\\nz'],
    ['in JSON of Python', 'a /$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|`\\u00e9\\u65e5\\ud83c\\udf89\\nz'],
    ['in JSON of PHP', 'a \\/$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|`\\u00e9\\u65e5\\ud83c\\udf89\\nz'],
    ['in JSON with its slashes escaped', 'a \\/$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|`é日🎉\\nz'],
    ['in JSON in JSON', 'a /$&<>\\\\\\"\'\\\\\\\\+=%:@#~,;!*(){}[]?^|`é日🎉\\\\nz'],
    ['in a URL of JavaScript', encodeURIComponent(secret)],
    ['in a whole URL of JavaScript', encodeURI(secret)],
    ['in a form of JavaScript', new URLSearchParams([['', secret]]).toString().slice(1)],
    [
      'in a URL of Python',
      'a%20/%24%26%3C%3E%22%27%5C%2B%3D%25%3A%40%23~%2C%3B%21%2A%28%29%7B%7D%5B%5D%3F%5E%7C%60%C3%A9%E6%97%A5%F0%9F%8E%89%0Az',
    ],
    [
      'in a form of Go',
      'a+%2F%24%26%3C%3E%22%27%5C%2B%3D%25%3A%40%23~%2C%3B%21%2A%28%29%7B%7D%5B%5D%3F%5E%7C%60%C3%A9%E6%97%A5%F0%9F%8E%89%0Az',
    ],
    [
      'in the user’s part of a URL of Go',
      'a%20%2F$&%3C%3E%22%27%5C+=%25%3A%40%23~,;%21%2A%28%29%7B%7D%5B%5D%3F%5E%7C%60%C3%A9%E6%97%A5%F0%9F%8E%89%0Az',
    ],
    ['in lower-case percents', encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase())],
    ['in XML', 'a /$&amp;&lt;&gt;&quot;&apos;\\+=%:@#~,;!*(){}[]?^|`é日🎉\nz'],
    ['in text of XML', 'a /$&amp;&lt;&gt;"\'\\+=%:@#~,;!*(){}[]?^|`é日🎉\nz'],
    ['in HTML of Go', 'a /$&amp;&lt;&gt;&#34;&#39;\\+=%:@#~,;!*(){}[]?^|`é日🎉\nz'],
    ['in HTML of Python', 'a /$&amp;&lt;&gt;&quot;&#x27;\\+=%:@#~,;!*(){}[]?^|`é日🎉\nz'],
    ['in single quotes of a shell', secret.replace("'", `'\\''`)],
    ['in single quotes of Python’s shlex', secret.replace("'", `'"'"'`)],
    ['in double quotes of a shell', 'a /\\$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|\\`é日🎉\nz'],
    ['in YAML or SQL', secret.replace("'", "''")],
    ['in CSV', secret.replace('"', '""')],
    [
      'after printf %q',
      'a\\ /\\$\\&\\<\\>\\"\\\'\\\\+=%:@#~\\,\\;\\!\\*\\(\\)\\{\\}\\[\\]\\?\\^\\|\\`é日🎉\nz',
    ],
    ['in a pattern', 'a /\\$&<>"\'\\\\\\+=%:@#~,;!\\*\\(\\)\\{\\}\\[\\]\\?\\^\\|`é日🎉\nz'],
    [
      'in a string of C',
      'a /$&<>\\"\'\\\\+=%:@#~,;!*(){}[]?^|`\\303\\251\\346\\227\\245\\360\\237\\216\\211\\nz',
    ],
    [
      'in bytes of Python',
      'a /$&<>"\\\'\\\\+=%:@#~,;!*(){}[]?^|`\\xc3\\xa9\\xe6\\x97\\xa5\\xf0\\x9f\\x8e\\x89\\nz',
    ],
    ['in ASCII of Python', 'a /$&<>"\\\'\\\\+=%:@#~,;!*(){}[]?^|`\\xe9\\u65e5\\U0001f389\\nz'],
    ['in a string of Python', secret.replace(/['\\]/g, '\\$&')],
    [
      'in a value of Java’s properties',
      'a /$&<>"\'\\\\+\\=%\\:@\\#~,;\\!*(){}[]?^|`\\u00E9\\u65E5\\uD83C\\uDF89\\nz',
    ],
    [
      'in a key of Java’s properties',
      'a\\ /$&<>"\'\\\\+\\=%\\:@\\#~,;\\!*(){}[]?^|`\\u00E9\\u65E5\\uD83C\\uDF89\\nz',
    ],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
    ['in capital hexadecimal digits', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in Base64', Buffer.from(secret).toString('base64')],
    ['in Base64 for URLs', Buffer.from(secret).toString('base64url')],
  ])('%s', (_, spelling) => {
    expect(spellings(secret)).toContain(spelling);
  });

  test('with every letter escaped, in both cases', () => {
    expect(spellings('aö/')).toEqual(
      expect.arrayContaining([
        '\\u0061\\u00f6\\u002f',
        '\\u0061\\u00F6\\u002F',
        '\\\\u0061\\\\u00f6\\\\u002f',
      ]),
    );
  });

  test('in Base64 that tools break into lines', () => {
    const long = 'correct horse battery staple, '.repeat(4);
    const encoded = Buffer.from(long).toString('base64');
    for (const width of [64, 76])
      expect(spellings(long)).toEqual(
        expect.arrayContaining([
          encoded.slice(0, width),
          encoded.slice(width, 2 * width),
          encoded.slice(2 * width),
        ]),
      );
  });

  test('in few ways where there is nothing to escape', () => {
    expect(spellings('hunter2').length).toBeLessThan(16);
  });

  test('by nothing shorter than itself', () => {
    for (const text of ['abcd', '日日', '\ud83c\ud83c\ud83c\ud83c', secret])
      expect(Math.min(...spellings(text).map((known) => known.length))).toBeGreaterThanOrEqual(
        Math.min(4, text.length),
      );
  });
});

import type { Shape } from './shapes.ts';

/** What may stand between a name and its separator: quotes of JSON, of JSON inside JSON, the end of an index. */
const nameEnd = /\d{0,2}["'`\\\]]{0,6}[ \t]{0,20}/.source;
const separator = /(?:=>|:=|=(?![=~])|:(?![:/])|%3d|%3a)[ \t]{0,20}/.source;
/** A comma, semicolon or ampersand ends a value where another name, a quote or nothing follows. */
const inner = /[,;&](?!["' \t\w.%-]{0,40}[=:]|["'\s\])}]|$)/.source;
/** In quotes with a backslash, in quotes, and without. */
const value = [
  /(?<=\\["'])(?:[^"'\\\n]|\\(?!["'])[^\n])+/.source,
  /(?<=(?<!\\)")(?:[^"\\\n]|\\[^\n])+/.source,
  /(?<=(?<!\\)['`])(?:[^'`\\\n]|\\[^\n])+/.source,
  `(?!\\\\{0,4}["'\`])(?<!["'\`])(?:[^\\s,;&"<\`\\\\]|\\\\(?!["'])|${inner})+`,
].join('|');
const assigned = `${nameEnd}${separator}(?:\\\\{0,4}["'\`])?(?<secret>${value})`;

/** What programs print where no secret is, or one is hidden already; a reference such as `${NAME}`; how a sentence goes on. */
const nothing = [
  /null|none|nil|undefined|true|false|\[(?:hidden|redacted|masked)\]|\*+|\$\$?\{\w+\}/.source,
  /both|must|not|cannot|is|was|required|missing|invalid|incorrect|unset|empty/.source,
].join('|');
const closing = /[\])}>.,:;'`]*/.source;
const harmless = new RegExp(`^[[({]*(?:${nothing})?${closing}$`, 'i');
const harmlessShort = new RegExp(`^(?:[[({]*(?:${nothing}|\\d{1,5})?${closing}|/.*)$`, 'i');

const assignments: readonly Shape[] = [
  {
    name: 'Password',
    anchors: ['password', 'passwd', 'passphrase', 'secret'],
    pattern: new RegExp(`(?:password|passwd|passphrase|secret(?:[_.-]?key)?)${assigned}`, 'iy'),
    harmless,
  },
  {
    name: 'Key',
    anchors: ['api', 'access', 'private', 'signing', 'encryption', 'account', 'master'],
    pattern: new RegExp(`(?:api|access|private|signing|encryption|account|master)[_.-]?key${assigned}`, 'iy'),
    harmless,
  },
  {
    // In prose a token is a word, as in `unexpected token: x`.
    name: 'Token',
    anchors: ['token'],
    pattern: new RegExp(`(?:(?<=[\\w.-])token|token(?=["'\\\\]|[ \\t]{0,20}=))${assigned}`, 'iy'),
    harmless: new RegExp(`^[[({]*(?:${nothing}|\\d{1,5})?${closing}$`, 'i'),
  },
  {
    // Alone these count tests (`pass: 12`) and name folders (`PWD=/home`).
    name: 'Short password',
    anchors: ['pwd', 'pass'],
    pattern: new RegExp(`(?:(?<![a-z])pwd|(?<=[_.-])pass|(?<![a-z])pass(?==))${assigned}`, 'iy'),
    harmless: harmlessShort,
  },
];

/** Secrets that show by what stands before them. */
export const places: readonly Shape[] = [
  ...assignments,
  {
    // Up to the last @ before the path; also a password with a slash in it, which parsers refuse and then print. Not a
    // port, and not the tag of an image whose digest follows.
    name: 'URL password',
    anchors: ['://'],
    pattern:
      /:\/\/[^\s/?#@:"'<>[\]\\]*:(?!\d{1,5}(?:[/?#,;\s]|$))(?<secret>(?:[^\s/?#"'<>\\]|\\u[0-9a-f]{4})+|(?:(?!:\/\/)[^\s"'<>\\])+)(?=@(?!sha256:))/iy,
    harmless: /^\*+$/,
  },
  {
    name: 'Authorization header',
    anchors: ['authorization'],
    pattern:
      /authorization["'\\]{0,4}[ \t]{0,8}(?:=>|[:=,])[ \t]{0,8}["'\\[{(]{0,4}(?:(?:basic|bearer|token|negotiate|api-?key)[ \t]{1,8}|(?=\S{0,64}\d)(?=\S{16}))(?<secret>[^\s"',\\)\]}>]+)/iy,
    harmless: /^\*+$/,
  },
  {
    name: 'Bearer token',
    anchors: ['bearer'],
    pattern: /bearer[ \t]{1,8}(?=[^\s"',]{0,64}\d)(?<secret>[\w.~+/=-]{20,})/iy,
  },
  {
    // Base64 of `name:password`, as in Docker's configuration and npm's.
    name: 'Registry login',
    anchors: ['auth'],
    pattern:
      /(?<=["'_])auth\\?["']?[ \t]{0,20}[:=][ \t]{0,20}\\?["']?(?=[\w+/]{0,64}[\d=])(?<secret>[\w+/]{12,}={0,2})(?![\w-])/iy,
  },
  {
    name: 'Password in XML',
    anchors: ['password', 'passwd', 'passphrase', 'secret', 'token', 'apikey'],
    pattern: /(?:password|passwd|passphrase|secret|token|apikey)>(?<secret>[^<>\n]+)(?=<\/)/iy,
    harmless,
  },
  {
    name: 'Password as an argument',
    anchors: [
      'password',
      'passphrase',
      'secret',
      'token',
      'api',
      'requirepass',
      'masterauth',
      'storepass',
      'keypass',
    ],
    pattern:
      /(?:(?<=--[\w-]{0,32})(?:password|passphrase|secret|token|api-?key)|requirepass|masterauth|(?<=-)(?:store|key)pass)(?:["'],[ \t]{0,4}["']|[ \t]{1,4}["']?)(?<secret>[^\s"',-][^\s"',]{3,})/iy,
    harmless,
  },
  {
    name: 'Password in SQL',
    anchors: ['identified by', 'with password', 'encrypted password'],
    pattern: /(?:identified by|with password|encrypted password)[ \t]{1,8}'(?<secret>[^'\n]+)/iy,
  },
];

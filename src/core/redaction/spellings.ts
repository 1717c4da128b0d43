/**
 * A secret as programs print it: as it is, and encoded or escaped for the text in which it stands. Compose doubles every
 * `$`, and a line of a log may stand in a line of JSON once more.
 */
export function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const raw = [secret, secret.replaceAll('$', () => '$$')];
  const escaped = new Set([...raw, ...raw.flatMap(escapings)]);
  const twice = [...escaped].map((text) => JSON.stringify(text).slice(1, -1));
  return [...new Set([...escaped, ...twice, ...inBase64(bytes), ...inHex(bytes)])];
}

function escapings(text: string): readonly string[] {
  const ways = [inJson, inUrl, inXml, inShell, inStrings, inProperties];
  return ways.flatMap((way) => way(text));
}

type Hex = (value: number, length: number) => string;

/** The same in lower and upper case of its hexadecimal digits. */
function cases(write: (hex: Hex) => string): readonly string[] {
  const digits: Hex = (value, length) => value.toString(16).padStart(length, '0');
  return [write(digits), write((value, length) => digits(value, length).toUpperCase())];
}

/** Signs as `\uXXXX`, a letter outside the first plane as two. */
function units(text: string, signs: RegExp): readonly string[] {
  return cases((hex) => text.replace(signs, (sign) => `\\u${hex(sign.charCodeAt(0), 4)}`));
}

function inHex(bytes: Buffer): readonly string[] {
  return cases((hex) => [...bytes].map((byte) => hex(byte, 2)).join(''));
}

/**
 * The letters of Base64 that depend on the secret alone, for each of the three places at which it can begin in an
 * encoded text. Encoded alone it also has an end of its own, and tools break it into lines.
 */
function inBase64(bytes: Buffer): readonly string[] {
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const alone = bytes.toString('base64');
  const standard = [...inside, alone, ...broken(alone, 64), ...broken(alone, 76)];
  return standard.flatMap((text) => {
    const urlSafe = text.replaceAll('+', '-').replaceAll('/', '_');
    return [text, urlSafe, urlSafe.replace(/=+$/, '')];
  });
}

/** The lines of a text that is too long for one, without a last one that says little. */
function broken(text: string, width: number): readonly string[] {
  const count = text.length <= width ? 0 : Math.ceil(text.length / width);
  const lines = Array.from({ length: count }, (_, index) => text.slice(index * width, (index + 1) * width));
  return lines.filter((line) => line.length >= 8);
}

/** JSON in its plainest form, with what PHP, Go, Gson and Python escape besides, and with everything escaped. */
function inJson(text: string): readonly string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const slashes = plain.replaceAll('/', '\\/');
  const more = [/[<>&\u2028\u2029]/g, /[<>&='\u2028\u2029]/g, /[\u007f-\uffff]/g];
  return [
    plain,
    slashes,
    ...more.flatMap((signs) => units(plain, signs)),
    ...units(slashes, /[\u007f-\uffff]/g),
    ...units(text, /[\s\S]/g),
  ];
}

/** Signs that are escaped by RFC 3986, JavaScript (a part, a whole), Python, Go and browsers (both: the user's part). */
const escapedInUrls = [
  /[^\w.~-]/gu,
  /[^\w.!~*'()-]/gu,
  /[^\w.!~*'();/?:@&=+$,#-]/gu,
  /[^\w.~/-]/gu,
  /[^\w.~$&+,;=-]/gu,
  /[^\w.!~*'()$&+,%-]/gu,
];
/** In a form a blank is a plus sign; Go and Python, Java and browsers. */
const escapedInForms = [/[^\w.~-]/gu, /[^\w.*-]/gu];

function inUrl(text: string): readonly string[] {
  const percent = (signs: RegExp) =>
    cases((hex) =>
      text.replace(signs, (sign) => [...Buffer.from(sign)].map((byte) => `%${hex(byte, 2)}`).join('')),
    );
  const forms = escapedInForms.flatMap(percent).map((form) => form.replaceAll('%20', '+'));
  return [...escapedInUrls.flatMap(percent), ...forms];
}

/** XML's own names, and the numbers of Go, Python and JavaScript's libraries; a text needs less than an attribute. */
const entities: readonly Readonly<Record<string, string>>[] = [
  { '&': '&amp;', '<': '&lt;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' },
  { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' },
];

function inXml(text: string): readonly string[] {
  return entities.map((names) => text.replace(/[&<>"']/g, (sign) => names[sign] ?? sign));
}

/** `printf %q` of older shells and newer, everything that is no letter, patterns, double quotes; then the ways out of single quotes. */
function inShell(text: string): readonly string[] {
  const unsafe = [
    /^[~#]|[ \t'"\\|&;()<>!{}*[\]?^$`,]/g,
    /^[~#]|(?<=[:=])~|[ \t'"\\|&;()<>!{}*[\]?^$`,]/g,
    /[^\w\u0080-\uffff]/g,
    /[.*+?^${}()|[\]\\]/g,
    /[$`"\\]/g,
    /["\\]/g,
    /['\\]/g,
    /\\/g,
  ];
  const out = ["'\\''", `'"'"'`, "''"].map((quote) => text.replaceAll("'", quote));
  return [...unsafe.map((signs) => text.replace(signs, '\\$&')), ...out, text.replaceAll('"', '""')];
}

/**
 * Strings of C and its like: what is not ASCII as `\xNN` or `\NNN` for each byte, or for each letter as Python does it;
 * with one quote or the other, or none.
 */
function inStrings(text: string): readonly string[] {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  const bytes = (sign: string, write: (byte: number) => string) => [...Buffer.from(sign)].map(write).join('');
  const quotes = [/[\\\p{Cc}]|\P{ASCII}/gu, /['\\\p{Cc}]|\P{ASCII}/gu, /["\\\p{Cc}]|\P{ASCII}/gu];
  return quotes.flatMap((signs) => [
    inString(text, signs, (sign) => bytes(sign, octal)),
    ...cases((hex) => inString(text, signs, (sign) => bytes(sign, (byte) => `\\x${hex(byte, 2)}`))),
    ...cases((hex) => inString(text, signs, (sign) => inPython(sign.codePointAt(0) ?? 0, hex))),
  ]);
}

function inString(text: string, signs: RegExp, write: (sign: string) => string): string {
  return text.replace(signs, (sign) => {
    if (sign === '\n') return '\\n';
    if (sign === '\t') return '\\t';
    return /['"\\]/.test(sign) ? `\\${sign}` : write(sign);
  });
}

function inPython(code: number, hex: Hex): string {
  if (code > 0xffff) return `\\U${hex(code, 8)}`;
  return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
}

/** java.util.Properties: a value's first blank, or all blanks of a key. */
function inProperties(text: string): readonly string[] {
  return [/^ |[:=#!\\]/g, /[ :=#!\\]/g].flatMap((signs) => {
    const escaped = text.replace(signs, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    return units(escaped, /[\u007f-\uffff]/g);
  });
}

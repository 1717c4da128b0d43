import { createLineFinder } from './lines.ts';
import { places } from './places.ts';
import { createShapeSearch } from './shapes.ts';
import { tokens } from './tokens.ts';

/** Words of a name that say that its value is a secret. Some are written without a gap between two words. */
const secretWords = new Set([
  ...['PASSWORD', 'PASSWORDS', 'PASSWD', 'PASSPHRASE', 'PASS', 'PWD', 'SECRET', 'SECRETS', 'TOKEN', 'TOKENS'],
  ...['CREDENTIAL', 'CREDENTIALS', 'CREDS', 'DSN', 'AUTH', 'AUTHORIZATION', 'CONNECTIONSTRING'],
  ...[
    'APIKEY',
    'SECRETKEY',
    'ACCESSKEY',
    'PRIVATEKEY',
    'AUTHTOKEN',
    'ACCESSTOKEN',
    'REQUIREPASS',
    'MASTERAUTH',
  ],
]);

/** What a value is when its name ends so: it belongs to a secret, and is none. */
const describing = new Set([
  ...[
    'FILE',
    'FILES',
    'PATH',
    'DIR',
    'DIRECTORY',
    'LOCATION',
    'SOCK',
    'URL',
    'URI',
    'ENDPOINT',
    'HOST',
    'PORT',
  ],
  ...[
    'TYPE',
    'MODE',
    'METHOD',
    'MECHANISM',
    'PROVIDER',
    'ALGORITHM',
    'CLASS',
    'ENCODER',
    'SERIALIZER',
    'POLICY',
  ],
  ...[
    'USER',
    'USERNAME',
    'REALM',
    'ISSUER',
    'AUDIENCE',
    'HEADER',
    'SCOPE',
    'SCOPES',
    'VERSION',
    'ENABLED',
    'DISABLED',
  ],
  ...[
    'TTL',
    'TIMEOUT',
    'EXPIRY',
    'EXPIRATION',
    'INTERVAL',
    'LENGTH',
    'SIZE',
    'SECONDS',
    'MINUTES',
    'HOURS',
    'DAYS',
    'MS',
  ],
]);

/** Where a shell stands and stood. */
const shellVariables = new Set(['PWD', 'OLDPWD']);

/**
 * Whether a variable's name says that its value is a secret. Words are told apart by signs and by capital letters;
 * `MONKEY` is one word, and so is `KEY` in `KEY_SERIALIZER`, which is not its last.
 */
export function secretName(name: string): boolean {
  if (shellVariables.has(name)) return false;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .map((word) => word.replace(/^(\D+)\d+$/, '$1'))
    .filter((word) => /\D/.test(word));
  const last = words.at(-1) ?? '';
  if (describing.has(last)) return false;
  if (last === 'KEY' || last === 'KEYS') return true;
  return words.some(
    (word, at) => secretWords.has(word) || (word === 'CONNECTION' && /^STRINGS?$/.test(words[at + 1] ?? '')),
  );
}

/** Values that say nothing: hiding them would hide the same word everywhere. */
const plain = /^(?:true|false|null|none|nil|undefined|yes|no|on|off|enabled|disabled|[+-]?\d{1,5})$/i;

function worthHiding(value: string): boolean {
  return value.length >= 4 && value.trim() !== '' && !plain.test(value.trim());
}

/**
 * The values that must not be shown: those whose names are secret, also without blanks around them and line by line, and
 * what any value holds that is a secret by its form, such as the password in a URL.
 */
export function secretValues(named: Iterable<readonly [name: string, value: string]>): string[] {
  const search = createShapeSearch([...tokens, ...places], new Set());
  const values = [...named].flatMap(([name, value]) => {
    const { spans } = createLineFinder(search)(value, 0, true);
    const parts = spans.map(({ start, end }) => value.slice(start, end));
    const whole = secretName(name) ? withLines(value) : [];
    return [...whole, ...parts.flatMap((part) => [part, decoded(part)])];
  });
  return [...new Set(values.filter(worthHiding))];
}

/** A line shorter than this may be anybody's, such as a bracket. */
const shortestLine = 8;

/** A secret, without the line end of the file it comes from, and each of its lines, which logs put a prefix to. */
export function withLines(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\r/).map((line) => line.trim());
  const long = lines.length === 1 ? [] : lines.filter((line) => line.length >= shortestLine);
  return [...new Set([secret, secret.trim(), ...long])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

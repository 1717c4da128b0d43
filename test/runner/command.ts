/** A workflow command as a line of output carries it. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** `::name key=value,key=value::data` at the start of a line, or the older `##[name key=value;key=value]data` anywhere in it. */
export function parseCommand(line: string, known: (name: string) => boolean): Command | undefined {
  return parseColons(line.trimStart(), known) ?? parseBrackets(line, known);
}

function parseColons(line: string, known: (name: string) => boolean): Command | undefined {
  const end = line.indexOf('::', 2);
  if (!line.startsWith('::') || end < 0) return undefined;
  const [name, properties] = splitOnce(line.slice(2, end), ' ');
  if (!known(name)) return undefined;
  const data = decode(line.slice(end + 2), { '%0D': '\r', '%0A': '\n' });
  return { name, properties: parseProperties(properties.trim(), ',', colonProperty), data };
}

function parseBrackets(line: string, known: (name: string) => boolean): Command | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const [name, properties] = splitOnce(line.slice(start + 3, end), ' ');
  if (!known(name)) return undefined;
  return { name, properties: parseProperties(properties, ';', bracket), data: bracket(line.slice(end + 1)) };
}

const colonProperty = (text: string): string =>
  decode(text, { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',' });
const bracket = (text: string): string => decode(text, { '%3B': ';', '%0D': '\r', '%0A': '\n', '%5D': ']' });

/** `%25` comes last, or `%250A` would become a line break. */
function decode(text: string, table: Readonly<Record<string, string>>): string {
  const replaced = Object.entries(table).reduce((rest, [code, sign]) => rest.replaceAll(code, sign), text);
  return replaced.replaceAll('%25', '%');
}

function parseProperties(text: string, separator: string, decodeValue: (value: string) => string) {
  const pairs = text.split(separator).map((pair) => splitOnce(pair, '='));
  const filled = pairs.filter(([key, value]) => key !== '' && value !== '');
  return Object.fromEntries(filled.map(([key, value]) => [key, decodeValue(value)]));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

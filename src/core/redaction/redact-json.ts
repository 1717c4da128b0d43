import { asObject, asString } from '../json.ts';
import { createRedactor } from './redactor.ts';
import { secretName } from './secrets.ts';
import { mask } from './spans.ts';

/** Nothing that Compose or an engine prints is nested nearly as deep; what lies deeper is hidden. */
const deepest = 500;

/** How a value is copied: `bare` hides one under a secret name, `clean` what shows by its form in any other text. */
interface Copying {
  readonly bare: (value: unknown) => unknown;
  readonly clean: (text: string) => string;
}

/**
 * A copy of JSON without secrets: hidden is what stands under a secret name in a map, in a list of `NAME=value`, in a pair
 * of `name` and `value` and behind an argument such as `--password`, and what is a secret by its form. Compose's `secrets`
 * keep their names and files. `published` values stay; Compose writes their `$` as `$$`.
 */
export function redactJson(value: unknown, published: Iterable<string> = []): unknown {
  const open = new Set([...published].flatMap((text) => [text, text.replaceAll('$', () => '$$')]));
  const bare = (item: unknown) => {
    const text = asString(item);
    return text === undefined || typeof item === 'boolean' || text === '' || open.has(text) ? item : mask;
  };
  return copy(value, { bare, clean: createRedactor([], open).text }, 0);
}

function copy(value: unknown, how: Copying, depth: number): unknown {
  if (typeof value === 'string') return how.clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return mask;
  if (Array.isArray(value)) return value.map((item, at) => copyItem(item, value[at - 1], how, depth + 1));
  return mapValues(value, (item, key) => {
    if (key === 'secrets') return copyDefinitions(item, how, depth + 1);
    return secretName(nameOf(key, value)) ? hideAll(item, how, depth + 1) : copy(item, how, depth + 1);
  });
}

function copyItem(item: unknown, before: unknown, how: Copying, depth: number): unknown {
  if (typeof item !== 'string') return copy(item, how, depth);
  const [, name = '', text = ''] = /^([^=\s]+)=(.*)$/s.exec(item) ?? [];
  if (secretName(name)) return `${name}=${how.bare(text)}`;
  const argument = typeof before === 'string' && /^--?[\w-]+$/.test(before) && secretName(before);
  return argument && !item.startsWith('-') ? how.bare(item) : how.clean(item);
}

/** Compose's `secrets`: their names, files and variables tell nothing, what they hold in line does. */
function copyDefinitions(value: unknown, how: Copying, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => copyDefinition(item, how, depth));
  const map = asObject(value);
  return map === undefined ? how.bare(value) : mapValues(map, (item) => copyDefinition(item, how, depth));
}

function copyDefinition(value: unknown, how: Copying, depth: number): unknown {
  const map = asObject(value);
  if (map === undefined) return hideAll(value, how, depth);
  return mapValues(map, (item, key) =>
    key === 'content' ? hideAll(item, how, depth) : copy(item, how, depth + 1),
  );
}

function hideAll(value: unknown, how: Copying, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return how.bare(value);
  if (depth > deepest) return mask;
  if (Array.isArray(value)) return value.map((item) => hideAll(item, how, depth + 1));
  return mapValues(value, (item) => hideAll(item, how, depth + 1));
}

/** The name under which a value stands: its key, or in a pair of `name` and `value`, the name beside it. */
function nameOf(key: string, map: object): string {
  const found = Object.entries(map);
  const name = found.find(([other]) => /^(?:name|key)$/i.test(other));
  const value = found.find(([other]) => /^value$/i.test(other));
  if (name === undefined || value === undefined) return key;
  if (key === value[0]) return asString(name[1]) ?? '';
  return key === name[0] ? '' : key;
}

function mapValues(map: object, change: (value: unknown, key: string) => unknown): unknown {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { asArray, asObject, asString, entries, type Json } from '../../src/core/json.ts';

export const composeDir = fileURLToPath(new URL('../../compose/', import.meta.url));

export function readText(path: string): string {
  return readFileSync(`${composeDir}${path}`, 'utf8');
}

export function readYaml(path: string): Json {
  return asObject(parse(readText(path), { merge: true })) ?? {};
}

export const stack = readYaml('compose.yaml');

export const services: ReadonlyMap<string, Json> = new Map(
  entries(stack['services']).map(([name, value]) => [name, asObject(value) ?? {}]),
);

export function service(name: string): Json {
  const found = services.get(name);
  if (found === undefined) throw new Error(`compose.yaml has no service ${name}`);
  return found;
}

export function strings(value: unknown): readonly string[] {
  return asArray(value).map((item) => asString(item) ?? '');
}

/** What stands at a path of nested maps. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => asObject(inner)?.[key], value);
}

export function environment(name: string): Readonly<Record<string, string>> {
  const pairs = entries(service(name)['environment']);
  return Object.fromEntries(pairs.map(([key, value]) => [key, asString(value) ?? '']));
}

/** Compose's `${NAME:-default}`, with the given environment. */
function interpolate(text: string, values: Readonly<Record<string, string>> = {}): string {
  return text.replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, fallback: string) => values[name] ?? fallback,
  );
}

export interface Port {
  readonly address: string;
  readonly published: number;
  readonly target: number;
}

export function ports(name: string, values: Readonly<Record<string, string>> = {}): readonly Port[] {
  return strings(service(name)['ports']).map((text) => {
    const [address = '', published, target] = interpolate(text, values).split(':');
    return { address, published: Number(published), target: Number(target) };
  });
}

export interface Mount {
  readonly kind: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly json: Json;
}

export function mounts(json: Json): readonly Mount[] {
  return asArray(json['volumes']).map((item) => {
    const long = asObject(item);
    if (long !== undefined) {
      const [source, target] = [asString(long['source']) ?? '', asString(long['target']) ?? ''];
      return { kind: long['type'] === 'bind' ? 'bind' : 'volume', source, target, json: long };
    }
    const [source = '', target = ''] = (asString(item) ?? '').split(':');
    return { kind: source.startsWith('.') ? 'bind' : 'volume', source, target, json: {} };
  });
}

/** The health check's command as Compose hands it to the engine: `$$` is `$`. */
export function healthcheck(name: string): readonly string[] {
  return strings(at(service(name), 'healthcheck', 'test')).map((word) => word.replaceAll('$$', '$'));
}

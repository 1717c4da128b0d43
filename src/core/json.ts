export type Json = Record<string, unknown>;

/** A JSON object, or undefined for anything else. */
export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The entries of a JSON object; none for anything else. */
export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(asObject(value) ?? {});
}

/** Text pairs of a JSON object; values that are not text, number or boolean are left out. */
export function stringEntries(value: unknown): Readonly<Record<string, string>> {
  const pairs = entries(value).flatMap(([key, item]) => {
    const text = asString(item);
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(pairs);
}

/** A copy in which every text is changed; keys stay. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  const map = asObject(value);
  if (map === undefined) return value;
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, mapTexts(item, change)]));
}

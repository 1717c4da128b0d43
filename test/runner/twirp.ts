/** A message in Protobuf's JSON, read without regard to whether the client wrote `expires_at` or `expiresAt`. */
export interface Fields {
  /** Strings and numbers as text; empty where there is none. Fields that nobody asks for are passed over. */
  text(name: string): string;
  /** Of a field that repeats; empty where there is none. */
  list(name: string): string[];
}

export type Methods = Readonly<Record<string, (fields: Fields) => Readonly<Record<string, unknown>>>>;

/** An error as Twirp answers with it: HTTP status, its code, and words for people. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Wrapped values (`StringValue`, `Int64Value`) are bare in JSON; a client that wraps them all the same is understood. */
export function readFields(message: unknown): Fields {
  const given = typeof message === 'object' && message !== null ? Object.entries(message) : [];
  const values = new Map(given.map(([name, value]) => [snakeCase(name), unwrap(value)]));
  return {
    text: (name) => String(values.get(name) ?? ''),
    list: (name) => [values.get(name) ?? []].flat().map(String),
  };
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function unwrap(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

/** One part of a message, as docs/catalogue.md defines them; text may hold `{host}` and `{port}`. */
export type Part =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'hex'; readonly value: string }
  | { readonly kind: 'string16'; readonly value: string }
  | { readonly kind: 'int32'; readonly value: string };

export const partKinds = ['text', 'hex', 'string16', 'int32'] as const;

/** Puts parts together; `fill` resolves templates such as `{port}`. */
export function encode(parts: readonly Part[], fill: (template: string) => string): Buffer {
  return Buffer.concat(parts.map((part) => encodePart(part, fill)));
}

function encodePart(part: Part, fill: (template: string) => string): Buffer {
  switch (part.kind) {
    case 'text':
      return Buffer.from(fill(part.value), 'utf8');
    case 'hex':
      return Buffer.from(part.value.replace(/\s+/g, ''), 'hex');
    case 'string16': {
      const text = Buffer.from(fill(part.value), 'utf8');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(text.length);
      return Buffer.concat([length, text]);
    }
    case 'int32': {
      const number = Buffer.alloc(4);
      number.writeInt32BE(Number(fill(part.value)));
      return number;
    }
  }
}

/** What an answer must look like. */
export interface Expectation {
  readonly starts: readonly Part[];
  readonly contains: readonly Part[];
}

export type Match = 'met' | 'more' | 'refused';

/** Judges the bytes read so far: all there, possibly still to come, or already something else. */
export function match(answer: Buffer, expected: Expectation, fill: (template: string) => string): Match {
  const start = encode(expected.starts, fill);
  const length = Math.min(start.length, answer.length);
  if (!answer.subarray(0, length).equals(start.subarray(0, length))) return 'refused';
  const complete = answer.length >= start.length;
  const found = expected.contains.every((part) => answer.includes(encode([part], fill)));
  return complete && found ? 'met' : 'more';
}

/** Bytes for a message to a person: printable text as it is, the rest as dots, at most 60 of them. */
export function printable(bytes: Buffer): string {
  const text = bytes
    .subarray(0, 60)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '.');
  return bytes.length > 60 ? `${text}…` : text;
}

import type { Problem } from '../errors.ts';
import { quote } from '../errors.ts';
import { type Json, mapTexts } from '../json.ts';

/** Where a file of the caller goes: to the first rule whose fields it has, in the order of the rules. */
export interface SendRule {
  /** Fields that the file has at its top. */
  readonly fields: readonly string[];
  readonly system: string;
  readonly endpoint: string;
  readonly path: string;
  /** The statuses of success. */
  readonly status: readonly number[];
}

/** What an input that the catalogue declares does to its system. */
export type InputEffect =
  | {
      readonly kind: 'exec';
      readonly lines: RegExp;
      /** The form of further words of a line, where it may have any; each adds `perWord` to the command. */
      readonly words?: RegExp;
      readonly perWord: readonly string[];
      readonly defaults: Readonly<Record<string, string>>;
      readonly command: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'mount';
      readonly files: RegExp;
      readonly into: string;
      readonly prefix: string;
      /** What every file has to have at its top, where it has to be a JSON object. */
      readonly fields?: readonly string[];
    }
  | {
      readonly kind: 'render';
      readonly lines: RegExp;
      readonly defaults: Readonly<Record<string, string>>;
      /** What one line becomes in the list that the file holds. */
      readonly entry: Json;
      /** The file's path in the container. */
      readonly into: string;
    }
  | {
      readonly kind: 'send';
      readonly files: RegExp;
      readonly rules: readonly SendRule[];
      readonly after: readonly string[];
    }
  | { readonly kind: 'overlay'; readonly file: string };

/** An input of the action that belongs to one system and stands in the catalogue, not in the code. */
export interface DeclaredInput {
  readonly name: string;
  readonly system: string;
  readonly description: string;
  /** The accepted form, for messages. */
  readonly form: string;
  readonly effect: InputEffect;
}

/** One file on its way to a system. */
export interface Message {
  readonly file: string;
  readonly rule: SendRule;
  readonly body: string;
}

interface Asked {
  readonly input: string;
  readonly system: string;
}

/** What the caller asked for through one declared input. */
export type Request =
  | (Asked & {
      readonly kind: 'exec';
      readonly commands: readonly (readonly string[])[];
      readonly environment: Readonly<Record<string, string>>;
    })
  | (Asked & {
      readonly kind: 'mount';
      readonly files: readonly string[];
      readonly into: string;
      readonly prefix: string;
      readonly fields?: readonly string[];
    })
  | (Asked & { readonly kind: 'render'; readonly text: string; readonly into: string })
  | (Asked & {
      readonly kind: 'send';
      readonly files: readonly string[];
      readonly rules: readonly SendRule[];
      /** Systems that have to work before, as far as they take part. */
      readonly after: readonly string[];
      /** The files' contents, once they have been read. */
      readonly messages: readonly Message[];
    })
  | (Asked & { readonly kind: 'overlay'; readonly file: string });

/** Reads one declared input; an empty value asks for nothing. */
export function readDeclared(input: DeclaredInput, value: string): readonly (Request | Problem)[] {
  const lines = value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const common = { input: input.name, system: input.system };
  const { effect } = input;
  if (effect.kind === 'overlay') return readSwitch(lines.join(' '), common, effect.file);
  const wrong = lines.filter((line) => !accepts(effect, line));
  if (wrong.length > 0)
    return wrong.map((line) => ({ where: input.name, what: `${quote(line)} is not ${input.form}` }));
  return lines.length === 0 ? [] : [{ ...common, ...requestOf(effect, lines) }];
}

function readSwitch(answer: string, common: Asked, file: string): readonly (Request | Problem)[] {
  if (answer === '' || answer === 'false') return [];
  if (answer !== 'true') return [{ where: common.input, what: `${quote(answer)} is neither true nor false` }];
  return [{ kind: 'overlay', ...common, file }];
}

type LineEffect = Exclude<InputEffect, { kind: 'overlay' }>;

function accepts(effect: LineEffect, line: string): boolean {
  if (effect.kind === 'mount' || effect.kind === 'send') return effect.files.test(line);
  if (effect.kind === 'render' || effect.words === undefined) return effect.lines.test(line);
  const { words } = effect;
  const [first = '', ...more] = line.split(/\s+/);
  return effect.lines.test(first) && more.every((word) => words.test(word));
}

type WithoutAsked<T> = T extends unknown ? Omit<T, keyof Asked> : never;

function requestOf(effect: LineEffect, lines: readonly string[]): WithoutAsked<Request> {
  switch (effect.kind) {
    case 'mount': {
      const { into, prefix, fields } = effect;
      return { kind: 'mount', files: lines, into, prefix, ...(fields === undefined ? {} : { fields }) };
    }
    case 'send':
      return { kind: 'send', files: lines, rules: effect.rules, after: effect.after, messages: [] };
    case 'render': {
      const list = lines.map((line) => fillEntry(effect, line));
      return { kind: 'render', text: `${JSON.stringify(list, null, 2)}\n`, into: effect.into };
    }
    case 'exec':
      return {
        kind: 'exec',
        commands: lines.map((line) => commandOf(effect, line)),
        environment: effect.environment,
      };
  }
}

function commandOf(effect: Extract<InputEffect, { kind: 'exec' }>, line: string): readonly string[] {
  const { words } = effect;
  const [first = '', ...more] = words === undefined ? [line] : line.split(/\s+/);
  const values = valuesOf(effect, first);
  const added = more.flatMap((word) => {
    const own = new Map([...values, ...groupsOf(words, word)]);
    return effect.perWord.map((each) => fillText(each, own));
  });
  return [...effect.command.map((word) => fillText(word, values)), ...added];
}

type Values = ReadonlyMap<string, string>;

function valuesOf(
  { lines, defaults }: { readonly lines: RegExp; readonly defaults: Readonly<Record<string, string>> },
  line: string,
): Values {
  return new Map([...Object.entries(defaults), ...groupsOf(lines, line)]);
}

function groupsOf(pattern: RegExp | undefined, text: string): readonly (readonly [string, string])[] {
  return Object.entries(pattern?.exec(text)?.groups ?? {}).filter(([, group]) => group !== undefined);
}

function fillText(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function fillEntry(effect: Extract<InputEffect, { kind: 'render' }>, line: string): unknown {
  const values = valuesOf(effect, line);
  return mapTexts(effect.entry, (text) => fillText(text, values));
}

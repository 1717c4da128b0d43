import type { Problem } from '../errors.ts';
import { quote } from '../errors.ts';

/** What an input that the catalogue declares does to its system. */
export type InputEffect =
  | {
      readonly kind: 'exec';
      readonly lines: RegExp;
      readonly defaults: Readonly<Record<string, string>>;
      readonly command: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'mount'; readonly files: RegExp; readonly into: string; readonly prefix: string }
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

/** What the caller asked for through one declared input. */
export type Request =
  | {
      readonly kind: 'exec';
      readonly input: string;
      readonly system: string;
      readonly commands: readonly (readonly string[])[];
      readonly environment: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'mount';
      readonly input: string;
      readonly system: string;
      readonly files: readonly string[];
      readonly into: string;
      readonly prefix: string;
    }
  | { readonly kind: 'overlay'; readonly input: string; readonly system: string; readonly file: string };

/** Reads one declared input; an empty value asks for nothing. */
export function readDeclared(input: DeclaredInput, value: string): readonly (Request | Problem)[] {
  const lines = value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const common = { input: input.name, system: input.system };
  const { effect } = input;
  const refuse = (line: string): Problem => ({
    where: input.name,
    what: `${quote(line)} is not ${input.form}`,
  });
  switch (effect.kind) {
    case 'overlay': {
      const answer = lines.join(' ');
      if (answer === '' || answer === 'false') return [];
      if (answer !== 'true')
        return [{ where: input.name, what: `${quote(answer)} is neither true nor false` }];
      return [{ kind: 'overlay', ...common, file: effect.file }];
    }
    case 'mount': {
      const wrong = lines.filter((line) => !effect.files.test(line));
      if (wrong.length > 0) return wrong.map(refuse);
      return lines.length === 0
        ? []
        : [{ kind: 'mount', ...common, files: lines, into: effect.into, prefix: effect.prefix }];
    }
    case 'exec': {
      const wrong = lines.filter((line) => !effect.lines.test(line));
      if (wrong.length > 0) return wrong.map(refuse);
      const commands = lines.map((line) => fillCommand(effect, line));
      return lines.length === 0
        ? []
        : [{ kind: 'exec', ...common, commands, environment: effect.environment }];
    }
  }
}

function fillCommand(effect: Extract<InputEffect, { kind: 'exec' }>, line: string): readonly string[] {
  const named = Object.entries(effect.lines.exec(line)?.groups ?? {}).filter(
    ([, text]) => text !== undefined,
  );
  const values = new Map([...Object.entries(effect.defaults), ...named]);
  return effect.command.map((word) =>
    word.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole),
  );
}

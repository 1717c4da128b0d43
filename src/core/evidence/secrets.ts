import { asObject } from '../json.ts';
import { texts } from './json.ts';

/** Names and values of a container's environment; the values are for the redactor alone. */
export function environmentOf(value: unknown): readonly (readonly [string, string])[] {
  return texts(asObject(asObject(value)?.['Config'])?.['Env']).map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/**
 * What a container's command, entrypoint and health check pass by name, such as `--password x`, `--password=x` and
 * `-Dpassword=x`; the values are for the redactor alone.
 */
export function argumentsOf(value: unknown): readonly (readonly [string, string])[] {
  const config = asObject(asObject(value)?.['Config']) ?? {};
  const check = asObject(config['Healthcheck'])?.['Test'];
  return [config['Cmd'], config['Entrypoint'], check].flatMap((list) => namedWords(texts(list)));
}

function namedWords(argv: readonly string[]): readonly (readonly [string, string])[] {
  const words = argv.flatMap((word) => word.split(/\s+/).map((each) => each.replace(/^["']|["']$/g, '')));
  return words.flatMap((word, index) => {
    const [, name = '', , inline] = /^(?:--?D?)?([A-Za-z][\w.-]*)(=(.*))?$/s.exec(word) ?? [];
    const given = inline ?? (word.startsWith('-') ? words[index + 1] : undefined);
    return name === '' || given === undefined || given.startsWith('-') ? [] : [[name, given] as const];
  });
}

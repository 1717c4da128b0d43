import type { CommandResult } from '../command.ts';
import { asArray, asObject, asString } from '../json.ts';

/** What is known of an image on this machine. */
export interface ImageFacts {
  readonly id: string;
  /** The environment that it gives its containers. */
  readonly env: ReadonlyMap<string, string>;
}

/** What `docker image inspect` is to say of an image, in a line. */
export const imageFormat = '{"id":{{json .Id}},"env":{{json .Config.Env}}}';

/** Reads such a line. */
function imageFactsOf(text: string): ImageFacts {
  const json = asObject(JSON.parse(text)) ?? {};
  const env = asArray(json['env']).flatMap((each) => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(asString(each) ?? '') ?? [];
    return name === '' ? [] : [[name, value] as const];
  });
  return { id: asString(json['id']) ?? '', env: new Map(env) };
}

/**
 * What was said of several images: a line for each that is there, in the order in which they were asked for, and an error for each
 * other. Undefined where the engine names one of those in other words than it was asked with.
 */
export function factsIn(
  { stdout, stderr }: Pick<CommandResult, 'stdout' | 'stderr'>,
  images: readonly string[],
): ReadonlyMap<string, ImageFacts> | undefined {
  const missing = new Set([...stderr.matchAll(/no such image: (\S+)/gi)].map(([, name]) => name));
  const found = images.filter((image) => !missing.has(image));
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length !== found.length) return undefined;
  return new Map(found.map((image, index) => [image, imageFactsOf(lines[index] ?? '')]));
}

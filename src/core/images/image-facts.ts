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
export function imageFactsOf(text: string): ImageFacts {
  const json = asObject(JSON.parse(text)) ?? {};
  const env = asArray(json['env']).flatMap((each) => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(asString(each) ?? '') ?? [];
    return name === '' ? [] : [[name, value] as const];
  });
  return { id: asString(json['id']) ?? '', env: new Map(env) };
}

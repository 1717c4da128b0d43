import { asArray, asObject, asString, entries, type Json, stringEntries } from '../json.ts';
import { secretName, secretValues } from './secrets.ts';

/** Names and values that a Compose model gives to containers and builds. Compose writes `$` as `$$` in the models it prints. */
function namedValues(json: Json): readonly (readonly [string, string])[] {
  return entries(json['services']).flatMap(([, service]) => {
    const { environment, build } = asObject(service) ?? {};
    return [...pairs(environment), ...pairs(asObject(build)?.['args'])];
  });
}

/** A map of names, or a list of `NAME=value`. */
function pairs(value: unknown): readonly (readonly [string, string])[] {
  const listed = asArray(value).flatMap((item) => {
    const [, name = '', text = ''] = /^([^=]+)=(.*)$/s.exec(asString(item) ?? '') ?? [];
    return name === '' ? [] : [[name, text] as const];
  });
  const all = [...listed, ...Object.entries(stringEntries(value))];
  return all.map(([name, text]) => [name, text.replaceAll('$$', () => '$')] as const);
}

/**
 * Every value of a Compose model that must not be shown: under secret names, in URLs, and what its `secrets` hold in line
 * or take from the environment. What they take from files, the files of `secretFiles` tell.
 */
export function modelSecrets(json: Json, environment: Readonly<Record<string, string>>): readonly string[] {
  const held = entries(json['secrets']).flatMap(([, secret]) => {
    const content = asString(asObject(secret)?.['content']);
    const variable = asString(asObject(secret)?.['environment']);
    return [content, variable === undefined ? undefined : environment[variable]].flatMap(
      (text) => text ?? [],
    );
  });
  return [...secretValues(namedValues(json)), ...asSecrets(held)];
}

/** Passwords that everybody tries first. */
const triedFirst = ['admin', 'root', 'user', 'guest', 'test', 'password', 'secret', 'changeme', 'example'];

/**
 * Words that every log of these services is full of: what services and images are called, and the passwords that
 * everybody tries first. As a password each is as good as none, and to hide it would hide the log.
 */
export function everydayWords(json: Json): readonly string[] {
  const names = entries(json['services']).flatMap(([name, service]) => {
    const [, image = ''] =
      /([^/:@]+)(?:[:@][^/]*)?$/.exec(asString(asObject(service)?.['image']) ?? '') ?? [];
    return image === '' ? [name] : [name, image];
  });
  return [...triedFirst, ...names];
}

/** Texts that are secrets whatever they are called. */
export function asSecrets(texts: readonly string[]): readonly string[] {
  return secretValues(texts.map((text) => ['SECRET', text] as const));
}

/** Files from which a Compose model takes its `secrets`. */
export function secretFiles(json: Json): readonly string[] {
  return entries(json['secrets']).flatMap(([, secret]) => asString(asObject(secret)?.['file']) ?? []);
}

/** What the stack's own file gives under secret names: everybody can read it there, so it is no secret. */
export function publishedValues(json: Json): readonly string[] {
  return namedValues(json).flatMap(([name, text]) => (secretName(name) ? [text] : []));
}

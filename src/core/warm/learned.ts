import { asArray, asObject, asString } from '../json.ts';

/** An archive that post is to write: its list of classes is in the folder, or comes there while the JVM runs. */
export interface Learned {
  readonly service: string;
  readonly key: string;
  readonly folder: string;
  /** The environment variable, and its value, with which the service's JVM writes the archive. */
  readonly variable: string;
  readonly value: string;
}

/** Where main leaves them. */
export function learnedFile(directory: string): string {
  return `${directory}/learned.json`;
}

export function encodeLearned(learned: readonly Learned[]): string {
  return JSON.stringify(learned);
}

/** Total: what cannot be read is nothing to do. */
export function decodeLearned(text: string): readonly Learned[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  return asArray(json).flatMap((item) => {
    const map = asObject(item);
    const [service, key, folder, variable, value] = ['service', 'key', 'folder', 'variable', 'value'].map(
      (name) => asString(map?.[name]),
    );
    if (!service || !key || !folder || !variable || value === undefined) return [];
    return [{ service, key, folder, variable, value }];
  });
}

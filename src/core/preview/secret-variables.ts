import { asObject, asString, entries, type Json } from '../json.ts';

/**
 * Compose mounts a secret that is a file from the engine's own disk, where it is not; one that is a variable of Compose's
 * environment it copies. Gives the model with the variables, and the file for each.
 */
export function secretVariables(model: Json): { model: Json; files: ReadonlyMap<string, string> } {
  const files = new Map<string, string>();
  const secrets = entries(model['secrets']).map(([key, value], index) => {
    const { file, ...rest } = asObject(value) ?? {};
    const path = asString(file);
    if (path === undefined) return [key, rest] as const;
    const variable = `PREVIEW_SECRET_${index + 1}`;
    files.set(variable, path);
    return [key, { ...rest, environment: variable }] as const;
  });
  if (secrets.length === 0) return { model, files };
  return { model: { ...model, secrets: Object.fromEntries(secrets) }, files };
}

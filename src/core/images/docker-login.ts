import { asObject, asString, type Json } from '../json.ts';

/** What a registry is told; a name of `<token>` means that the secret is an identity token. */
export interface Credentials {
  readonly username: string;
  readonly secret: string;
}

/** Docker's own name for docker.io in its configuration. */
const dockerHub = 'https://index.docker.io/v1/';

export function serverOf(registry: string): string {
  return registry === 'docker.io' ? dockerHub : registry;
}

/** The program that keeps the credentials of a registry (`docker-credential-<name>`); undefined where the file has them itself. */
export function credentialHelper(config: Json, registry: string): string | undefined {
  const own = asString(asObject(config['credHelpers'])?.[serverOf(registry)]);
  const name = own ?? asString(config['credsStore']);
  return name !== undefined && /^[\w.-]+$/.test(name) ? name : undefined;
}

/** Credentials that stand in Docker's configuration file (`docker login` without a helper). */
export function storedCredentials(config: Json, registry: string): Credentials | undefined {
  const auths = asObject(config['auths']) ?? {};
  const found = asObject(auths[serverOf(registry)] ?? auths[`https://${registry}`] ?? auths[registry]);
  const identity = asString(found?.['identitytoken']) ?? '';
  if (identity !== '') return { username: '<token>', secret: identity };
  const text = Buffer.from(asString(found?.['auth']) ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0) return undefined;
  return { username: text.slice(0, colon), secret: text.slice(colon + 1).replace(/\0+$/, '') };
}

/** What a credential helper answers to `get`. */
export function helperCredentials(stdout: string): Credentials | undefined {
  let json: unknown;
  try {
    json = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const map = asObject(json);
  const [username, secret] = [asString(map?.['Username']), asString(map?.['Secret'])];
  return username === undefined || secret === undefined || secret === '' ? undefined : { username, secret };
}

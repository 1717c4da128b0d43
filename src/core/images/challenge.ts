/** How a registry wants to be told who asks (RFC 9110 and the distribution project's token specification). */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}

/** Reads a `WWW-Authenticate` header; undefined where it is nothing that registries use. */
export function readChallenge(header: string): Challenge | undefined {
  const [, name = '', rest = ''] = /^\s*(basic|bearer)\s+(.*)$/i.exec(header) ?? [];
  if (name === '') return undefined;
  // A value may stand without quotation marks.
  const found = [...rest.matchAll(/(\w+)=(?:"([^"]*)"|([^\s",]+))/g)].map(
    ([, key = '', quoted, plain = '']) => [key, quoted ?? plain] as const,
  );
  const { realm = '', service, scope } = Object.fromEntries(found) as Record<string, string | undefined>;
  const scheme = name.toLowerCase() === 'basic' ? 'basic' : 'bearer';
  if (scheme === 'bearer' && !URL.canParse(realm)) return undefined;
  return {
    scheme,
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** Where to ask for a token that may read a repository. */
export function tokenAddress({ realm, service, scope }: Challenge, repository: string): string {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope ?? `repository:${repository}:pull`);
  return url.href;
}

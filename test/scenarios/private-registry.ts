import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { ImageRegistry } from './image-registry.ts';
import { listening } from './registry.ts';

export interface PrivateRegistry extends AsyncDisposable {
  readonly address: string;
  /** Who asked it for a blob and was given it: the program's name. */
  readonly served: readonly string[];
}

/** A registry that gives an image's manifest and blobs to who has logged in, with Basic or with a token of its own server. */
export async function privateRegistry(
  { address: behind }: ImageRegistry,
  kind: 'basic' | 'bearer',
  login: string,
): Promise<PrivateRegistry> {
  const tokens = new Set<string>();
  const served: string[] = [];
  const basic = `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((incoming, response) => {
    const { url = '', headers } = incoming;
    const { authorization = '' } = headers;
    if (kind === 'bearer' && url.startsWith('/token'))
      return giveToken(authorization === basic, tokens, response);
    if (kind === 'basic' ? authorization === basic : tokens.has(authorization)) {
      if (url.includes('/blobs/')) served.push((headers['user-agent'] ?? '').split('/')[0] ?? '');
      return handOn(behind, incoming, response);
    }
    const [, repository = ''] = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url) ?? [];
    const bearer = `Bearer realm="http://${headers.host}/token",service="private",scope="repository:${repository}:pull"`;
    const challenge = kind === 'basic' ? 'Basic realm="private"' : bearer;
    response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'application/json' });
    response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
  });
  return { ...(await listening(server)), served };
}

function giveToken(known: boolean, tokens: Set<string>, response: ServerResponse): void {
  const token = randomBytes(16).toString('hex');
  if (known) tokens.add(`Bearer ${token}`);
  response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
  response.end(known ? JSON.stringify({ token }) : '{}');
}

function handOn(address: string, { url, method, headers }: IncomingMessage, response: ServerResponse): void {
  const { accept, range } = headers;
  const asked = { ...(accept === undefined ? {} : { accept }), ...(range === undefined ? {} : { range }) };
  request(`http://${address}${url}`, { method, headers: asked }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  }).end();
}

import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:port`, which Docker takes for an insecure registry without being told. */
  readonly address: string;
  /** Resolves once a layer is on its way. */
  readonly pulling: Promise<void>;
}

type Behaviour = 'missing' | 'denied' | 'drips';

const config = Buffer.from(
  JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [digest('layer')] },
  }),
);
const kinds = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: kinds.manifest,
    config: { mediaType: kinds.config, size: config.length, digest: digest(config) },
    layers: [{ mediaType: kinds.layer, size: 1_000_000, digest: digest('layer') }],
  }),
);

/** A registry that has no image, gives none out, or takes an age for every layer. */
export async function brokenRegistry(behaviour: Behaviour): Promise<Registry> {
  const pulling = Promise.withResolvers<void>();
  const server = createServer(({ url = '', method }, response) => {
    if (url === '/v2/') response.writeHead(200).end('{}');
    else if (behaviour === 'missing') refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
    else if (behaviour === 'denied')
      refuse(response, 403, 'DENIED', 'requested access to the resource is denied');
    else if (url.includes('/manifests/')) send(response, method, kinds.manifest, manifest);
    else if (url.endsWith(digest(config))) send(response, method, 'application/octet-stream', config);
    else drip(response, pulling.resolve);
  });
  return { ...(await listening(server)), pulling: pulling.promise };
}

/** Has a server listen, until it is disposed of. */
export async function listening(server: Server): Promise<{ readonly address: string } & AsyncDisposable> {
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no TCP address');
  return {
    address: `127.0.0.1:${bound.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function digest(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}

export function send(response: ServerResponse, method: string | undefined, type: string, body: Buffer): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'docker-content-digest': digest(body),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** One byte at a time, so that neither side sees a dead connection. */
function drip(response: ServerResponse, begun: () => void): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 1_000_000 });
  const timer = setInterval(() => {
    response.write('x');
    begun();
  }, 50);
  response.once('close', () => clearInterval(timer));
}

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Services } from '../../../smoke/core/check.ts';
import { type HeldStack, servicesOf } from '../held-stack.ts';
import { type Broken, until } from './core-twin.ts';

/** What somebody on the line makes of the bytes that pass, as text of one character a byte. */
export interface Changes {
  toServer?(bytes: string): string;
  toClient?(bytes: string): string;
}

const same = (bytes: string) => bytes;

/** Somebody on the line before an endpoint of a system, and the stack's addresses with this one in its place. */
export async function onTheWire(
  stack: HeldStack,
  service: string,
  { toServer = same, toClient = same }: Changes,
): Promise<Broken> {
  const services = servicesOf(stack);
  const own = services[service];
  const endpoint = own?.endpoints[service];
  if (own === undefined || endpoint === undefined) throw new Error(`There is no endpoint of ${service}.`);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const real = connect({ host: endpoint.host, port: endpoint.port });
    for (const socket of [client, real]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => void [client, real].map((each) => each.destroy()));
    }
    client.on('data', (bytes) => real.write(Buffer.from(toServer(bytes.toString('latin1')), 'latin1')));
    real.on('data', (bytes) => client.write(Buffer.from(toClient(bytes.toString('latin1')), 'latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = endpoint.url.replace(`${endpoint.host}:${endpoint.port}`, `127.0.0.1:${port}`);
  const changed: Services = {
    ...services,
    [service]: {
      ...own,
      endpoints: { ...own.endpoints, [service]: { ...endpoint, host: '127.0.0.1', port, url } },
    },
  };
  return until(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }, changed);
}

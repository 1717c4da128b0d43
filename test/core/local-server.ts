import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server on a free port of 127.0.0.1, for the length of a scope. */
export interface LocalServer extends AsyncDisposable {
  readonly port: number;
}

/** Speaks TCP as told; everything that it was sent is in `heard`. */
export async function tcpServer(
  serve: (socket: Socket, heard: () => string) => void,
): Promise<LocalServer & { heard(): string }> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      heard += data.toString('latin1');
    });
    serve(socket, () => heard);
  });
  return { ...(await listen(server)), heard: () => heard };
}

export function httpServer(answer: RequestListener): Promise<LocalServer> {
  return listen(createHttpServer(answer));
}

async function listen(server: Server): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

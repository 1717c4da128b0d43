// A page that counts its visitors in Redis. No package: the image is built without a network.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const { REDIS_HOST = 'redis', REDIS_PORT = '6379' } = process.env;

/** Asks Redis by its protocol: a line is a command, and the answer begins with its type. */
async function ask(command) {
  const socket = connect(Number(REDIS_PORT), REDIS_HOST);
  try {
    socket.write(`${command}\r\n`);
    const [answer] = await once(socket, 'data', { signal: AbortSignal.timeout(2000) });
    return answer.toString().slice(1).trim();
  } finally {
    socket.destroy();
  }
}

const pages = {
  '/': async () => `Hello! You are visitor ${await ask('INCR visitors')} of this preview.\n`,
  '/health': async () => `${await ask('PING')}\n`,
};

const server = createServer(async (request, response) => {
  const page = pages[request.url];
  try {
    response.writeHead(page ? 200 : 404).end(page ? await page() : 'Not here.\n');
  } catch (error) {
    response.writeHead(503).end(`Redis does not answer: ${error.message}\n`);
  }
});

server.listen(8080);
process.once('SIGTERM', () => server.close());

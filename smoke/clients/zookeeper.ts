import { once } from 'node:events';
import { connect } from 'node:net';
import zookeeper from 'node-zookeeper-client';

/** ZooKeeper's answer to one of its four-letter words. */
export async function fourLetters(
  host: string,
  port: number,
  word: string,
  signal: AbortSignal,
): Promise<string> {
  const socket = connect({ host, port, signal }).setEncoding('utf8');
  await once(socket, 'connect', { signal });
  socket.write(word);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

/** What a session reads: the names below a node, and the data of each of them. */
export async function readChildren(
  address: string,
  path: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const client = zookeeper.createClient(address, { sessionTimeout: 10_000, retries: 1 });
  try {
    const connected = once(client, 'connected', { signal });
    client.connect();
    await connected;
    const names = await answer<readonly string[]>((done) => client.getChildren(path, done));
    const nodes = names.map(async (name) => {
      const data = await answer<Buffer>((done) => client.getData(`${path}/${name}`, done));
      return [name, data.toString('utf8')] as const;
    });
    return new Map(await Promise.all(nodes));
  } finally {
    client.close();
  }
}

function answer<T>(question: (done: (error: unknown, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    question((error, value) => (error === null || error === undefined ? resolve(value) : reject(error))),
  );
}

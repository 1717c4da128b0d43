import { once } from 'node:events';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';

/** Uses MongoDB through the official driver; the URI's own database is `db()`. */
export async function withMongo<T>(uri: string, body: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await body(await client.connect());
  } finally {
    await client.close();
  }
}

export async function withRedis<T>(url: string, body: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  // Every failure also rejects what it fails; this event would only print it again.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await body(client);
  } finally {
    client.disconnect();
  }
}

/** ZooKeeper's answer to one of its four-letter words. */
export async function askZooKeeper(address: string, word: string): Promise<string> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const socket = connect({ host: hostname, port: Number(port) })
    .setEncoding('utf8')
    .setTimeout(10_000);
  socket.on('timeout', () => socket.destroy(new Error('ZooKeeper said nothing for ten seconds')));
  await once(socket, 'connect');
  socket.write(word);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

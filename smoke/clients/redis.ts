import { Redis } from 'ioredis';

/** Connects, does something, and closes the connection; one that breaks is not made again. */
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

import { type Collection, type Document, MongoClient } from 'mongodb';

export type { Collection, Document, MongoClient };

/** Uses MongoDB through the official driver; the URI's own database is `db()`. */
export async function withMongo<T>(uri: string, body: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await body(await client.connect());
  } finally {
    await client.close();
  }
}

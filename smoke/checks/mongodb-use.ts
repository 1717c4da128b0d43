import { type Collection, type Document, type MongoClient, withMongo } from '../clients/mongodb.ts';
import { told } from '../core/asking.ts';
import { BrokenPromise, endpointOf, type Stack } from '../core/check.ts';

/** Whom the stack's own URI does not name. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** The database that has the user, and that the connection is for. */
  readonly database: string;
}

/**
 * Does something with a connection of the root user, or of another one.
 * @throws BrokenPromise where there is no connection
 */
export async function onMongo<T>(
  stack: Stack,
  body: (client: MongoClient) => Promise<T>,
  login?: Login,
): Promise<T> {
  const { host, port, url } = endpointOf(stack, 'mongodb', 'mongodb');
  try {
    return await withMongo(login === undefined ? url : uriFor(url, login), body);
  } catch (error) {
    if (error instanceof BrokenPromise) throw error;
    throw new BrokenPromise(`connect to ${host}:${port} as ${login?.user ?? 'the root user'}`, told(error));
  }
}

/** The stack's URI for another user, with all its options. */
export function uriFor(url: string, { user, password, database }: Login): string {
  const uri = new URL(url);
  uri.username = encodeURIComponent(user);
  uri.password = encodeURIComponent(password);
  uri.pathname = `/${database}`;
  uri.searchParams.set('authSource', database);
  return uri.href;
}

/** A round trip with a collection of its own, which is dropped after it. */
export function withCollection(
  prefix: string,
  stack: Stack,
  body: (collection: Collection<Document>, name: string, client: MongoClient) => Promise<void>,
): Promise<void> {
  return onMongo(stack, async (client) => {
    const name = `${prefix}_${stack.id}`;
    const collection = client.db().collection(name);
    try {
      await body(collection, name, client);
    } finally {
      await collection.drop().catch(() => undefined);
    }
  });
}

/** The code with which the server refuses a request, and what it says; undefined when it accepts it. */
export async function refusal(
  answer: Promise<unknown>,
): Promise<{ readonly code: number; readonly message: string } | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== 'number') throw error;
    return { code, message: told(error) };
  }
}

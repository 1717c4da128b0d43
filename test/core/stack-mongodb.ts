import { runInNewContext } from 'node:vm';
import type { Json } from '../../src/core/json.ts';
import { asObject } from '../../src/core/json.ts';
import { readText } from './stack-file.ts';

interface Collection {
  readonly database: string;
  readonly name: string;
  readonly schema: Json;
  readonly indexes: Json[];
  readonly documents: Map<unknown, Json>;
}

interface Database {
  readonly users: Map<string, Json>;
  readonly collections: Map<string, Collection>;
}

/** A server as far as the init scripts use one: what they create is kept, and twice the same is an error. */
export interface Server {
  readonly databases: Map<string, Database>;
  readonly collections: readonly Collection[];
}

function fakeCollection(collection: Collection) {
  return {
    createIndex(key: Json, options: Json) {
      const same = collection.indexes.find((each) => each['name'] === options['name']);
      if (same === undefined) collection.indexes.push({ key, ...options });
    },
    updateOne(filter: Json, update: Json, { upsert }: { upsert: boolean }) {
      const id = filter['_id'];
      if (!upsert || collection.documents.has(id)) return;
      collection.documents.set(id, { _id: id, ...asObject(update['$setOnInsert']) });
    },
  };
}

function fakeDatabase(server: Map<string, Database>, name: string) {
  const open = (): Database => {
    const found = server.get(name) ?? { users: new Map(), collections: new Map() };
    server.set(name, found);
    return found;
  };
  return {
    getSiblingDB: (other: string) => fakeDatabase(server, other),
    getCollectionNames: () => [...open().collections.keys()],
    createUser(user: Json) {
      const key = String(user['user']);
      if (open().users.has(key)) throw new Error(`User ${key} already exists`);
      open().users.set(key, user);
    },
    createCollection(collection: string, { validator }: { validator: Json }) {
      if (open().collections.has(collection)) throw new Error(`collection ${collection} exists`);
      const schema = asObject(validator['$jsonSchema']) ?? {};
      const created = { database: name, name: collection, schema, indexes: [], documents: new Map() };
      open().collections.set(collection, created);
    },
    getCollection(collection: string) {
      const found = open().collections.get(collection);
      if (found === undefined) throw new Error(`no collection ${collection}`);
      return fakeCollection(found);
    },
  };
}

/** Runs the init script, as often as asked, against one server. */
export function runInit(times = 1): Server {
  const databases = new Map<string, Database>();
  const script = readText('mongodb/init/10-databases.js');
  for (let run = 0; run < times; run += 1) {
    runInNewContext(script, { db: fakeDatabase(databases, 'test'), Double: Number, Date });
  }
  const collections = [...databases.values()].flatMap((each) => [...each.collections.values()]);
  return { databases, collections };
}

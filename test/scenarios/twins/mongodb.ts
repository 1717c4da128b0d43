import type { MongoClient } from 'mongodb';
import { whyNot } from '../../images/standins.ts';
import { stackImage } from '../callers-files.ts';
import { withMongo } from '../clients/databases.ts';
import { output } from '../held-stack.ts';
import { type CoreTwin, until } from './core-twin.ts';
import { type Changes, onTheWire } from './wire.ts';

type Act = (client: MongoClient) => Promise<unknown>;

/** Something that somebody has done to the databases. */
const done = (id: string, fault: string, says: string | RegExp, act: Act, undo: Act): CoreTwin => ({
  id: `mongodb.${id}`,
  fault,
  says,
  arrange: async (stack) => {
    const uri = output(stack, 'mongodb-uri');
    await withMongo(uri, act);
    return until(() => withMongo(uri, undo));
  },
});

/** A server that understands something else than it is asked. */
const misheard = (
  id: string,
  fault: string,
  says: string | RegExp,
  toServer: Changes['toServer'],
): CoreTwin => ({
  id: `mongodb.${id}`,
  fault,
  says,
  arrange: (stack) => onTheWire(stack, 'mongodb', toServer === undefined ? {} : { toServer }),
});

const products = (client: MongoClient) => client.db('productcatalog').collection('products');
const cartons = (client: MongoClient) => client.db('cartonization').collection<{ _id: string }>('cartons');

/** Makes a user anew, with another password or other roles. */
const user =
  (pwd: string, ...roles: readonly object[]) =>
  async (client: MongoClient) => {
    const database = client.db('productcatalog');
    await database.command({ dropUser: 'productcatalog' });
    await database.command({ createUser: 'productcatalog', pwd, roles });
  };
const password = 'productcatalog123';
const own = { role: 'readWrite', db: 'productcatalog' };
let box: object | null = null;
let validator: object = {};

export const mongodbTwins: readonly CoreTwin[] = [
  misheard('insert', 'another collection is searched', /^null$/, (bytes) =>
    bytes.replace(/(find\0.{4}smoke_inser)t/s, '$1x'),
  ),
  misheard('unique-index', 'the index is not unique', /^accepted$/, (bytes) =>
    bytes.replace('\x08unique\0', '\x08sparse\0'),
  ),
  misheard('aggregate', 'the largest is taken for the sum', '"quantity":2', (bytes) =>
    bytes.replace('$sum\0', '$max\0'),
  ),
  done(
    'collections',
    'one of the three boxes is missing',
    /^\[.*small-box-001.*\]$/,
    async (client) => {
      box = await cartons(client).findOneAndDelete({ _id: 'large-box-001' });
    },
    (client) => cartons(client).insertOne(box as { _id: string }),
  ),
  done(
    'validators',
    'a collection has lost its validator',
    /^accepted$/,
    async (client) => {
      const [found] = await client.db('cartonization').listCollections({ name: 'cartons' }).toArray();
      validator = (found as { options?: { validator?: object } }).options?.validator ?? {};
      await client.db('cartonization').command({ collMod: 'cartons', validator: {} });
    },
    (client) => client.db('cartonization').command({ collMod: 'cartons', validator }),
  ),
  done(
    'indexes',
    'an index is missing',
    /^(?!.*\\"sku\\").*\\"title\\"/,
    (client) => products(client).dropIndex('sku'),
    (client) => products(client).createIndex({ sku: 1 }, { name: 'sku', unique: true }),
  ),
  done(
    'indexes',
    'the index that was unique is not any more',
    /\{\\"key\\":\{\\"sku\\":1\}\}/,
    async (client) => {
      await products(client).dropIndex('sku');
      await products(client).createIndex({ sku: 1 }, { name: 'sku' });
    },
    async (client) => {
      await products(client).dropIndex('sku');
      await products(client).createIndex({ sku: 1 }, { name: 'sku', unique: true });
    },
  ),
  done(
    'users',
    'a password is another one',
    /authentication failed/i,
    user('another', own),
    user(password, own),
  ),
  {
    ...done(
      'roles',
      'a user may write everywhere',
      /^accepted$/,
      user(password, { role: 'readWriteAnyDatabase', db: 'admin' }),
      user(password, own),
    ),
    impossible: whyNot(stackImage('mongodb'), 'mongodb.roles'),
  },
];

import type { Document, MongoClient } from '../clients/mongodb.ts';
import { ask, expectAnswer } from '../core/asking.ts';
import type { Check, Stack } from '../core/check.ts';
import { type Promised, promised, users } from './mongodb-promised.ts';
import { accessControl } from './mongodb-replica-set.ts';
import { type Login, onMongo, refusal } from './mongodb-use.ts';

const common = { system: 'mongodb', needs: ['mongodb'], deadline: 20_000 };
const services = 'product-catalog and cartonization';

/** What the init scripts leave for the services product-catalog and cartonization. */
export const databaseChecks: readonly Check[] = [
  {
    ...common,
    id: 'mongodb.collections',
    promise: `${services} find their collections, and the three boxes in one of them.`,
    run: (stack, signal) =>
      forEach(stack, async ({ database, collection, documents }, client) => {
        const list = `list the collections of ${database}, among them ${collection}`;
        const names = await ask(list, signal, () => client.db(database).listCollections().toArray());
        expectAnswer(
          names.some(({ name }) => name === collection),
          list,
          names.map(({ name }) => name),
        );
        const find = `find ${documents.join(', ') || 'nothing'} in ${database}.${collection}`;
        const known = client.db(database).collection<{ _id: string }>(collection);
        const found = await ask(find, signal, () => known.find({ _id: { $in: [...documents] } }).toArray());
        expectAnswer(found.length === documents.length, find, found);
      }),
  },
  {
    ...common,
    id: 'mongodb.validators',
    promise: `The validators of ${services} accept a valid document and refuse invalid ones.`,
    run: (stack, signal) => forEach(stack, (each, client) => validate(each, client, signal, stack)),
  },
  {
    ...common,
    id: 'mongodb.indexes',
    promise: `The collections of ${services} have their indexes.`,
    run: (stack, signal) =>
      forEach(stack, async ({ database, collection, indexes }, client) => {
        const request = `list the indexes of ${database}.${collection}, which has to have ${JSON.stringify(indexes)}`;
        const found = await ask(request, signal, () => client.db(database).collection(collection).indexes());
        const keys = found.map(({ key, unique }) =>
          JSON.stringify(unique === true ? { key, unique } : { key }),
        );
        expectAnswer(
          indexes.every((index) => keys.includes(JSON.stringify(index))),
          request,
          keys,
        );
      }),
  },
  {
    ...common,
    id: 'mongodb.users',
    promise: `The users of ${services} log in at their own database and write there.`,
    run: async (stack, signal) => {
      for (const login of users)
        await onMongo(stack, (client) => writes(client, login, stack, signal), login);
    },
  },
  {
    ...common,
    id: 'mongodb.roles',
    promise: `The users of ${services} cannot write to each other's database.`,
    option: accessControl,
    standIns: { mongodb: 'The stand-in knows no roles: every user may do everything.' },
    run: async (stack, signal) => {
      for (const [at, login] of users.entries()) {
        const other = users[1 - at]?.database ?? '';
        await onMongo(stack, (client) => cannotWrite(client, login, other, stack, signal), login);
      }
    },
  },
];

function forEach(stack: Stack, body: (each: Promised, client: MongoClient) => Promise<void>): Promise<void> {
  return onMongo(stack, async (client) => {
    for (const each of promised) await body(each, client);
  });
}

async function validate(
  { database, collection, valid, invalid }: Promised,
  client: MongoClient,
  signal: AbortSignal,
  stack: Stack,
): Promise<void> {
  const documents = client.db(database).collection<Document>(collection);
  const id = `smoke-${stack.id}`;
  const own = { _id: id, ...(collection === 'products' ? { sku: id } : {}), ...valid(new Date()) };
  try {
    for (const [how, fields] of Object.entries(invalid)) {
      const request = `insert a document ${how} into ${database}.${collection}`;
      const document = { ...own, ...fields };
      const refused = await ask(request, signal, () =>
        refusal(documents.insertOne(document as never, { ignoreUndefined: true })),
      );
      // DocumentValidationFailure
      expectAnswer(refused?.code === 121, request, refused ?? 'accepted');
    }
    const request = `insert the valid document ${JSON.stringify(own)} into ${database}.${collection}`;
    await ask(request, signal, () => documents.insertOne(own as never));
  } finally {
    await documents.deleteMany({ _id: id as never }).catch(() => undefined);
  }
}

async function writes(client: MongoClient, { user, database }: Login, stack: Stack, signal: AbortSignal) {
  const name = `smoke_user_${stack.id}`;
  const own = client.db(database).collection(name);
  const request = `insert { by: '${user}' } into ${database}.${name} as ${user}, and find it`;
  try {
    const found = await ask(request, signal, async () => {
      await own.insertOne({ by: user });
      return own.findOne({ by: user });
    });
    expectAnswer(found?.['by'] === user, request, found);
  } finally {
    await own.drop().catch(() => undefined);
  }
}

async function cannotWrite(
  client: MongoClient,
  { user }: Login,
  other: string,
  stack: Stack,
  signal: AbortSignal,
): Promise<void> {
  const name = `smoke_role_${stack.id}`;
  const foreign = client.db(other).collection(name);
  const request = `insert { by: '${user}' } into ${other}.${name} as ${user}`;
  const refused = await ask(request, signal, () => refusal(foreign.insertOne({ by: user })));
  if (refused === undefined) await foreign.drop().catch(() => undefined);
  // Unauthorized
  expectAnswer(refused?.code === 13, request, refused ?? 'accepted');
}

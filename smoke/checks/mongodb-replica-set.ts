import type { MongoClient } from '../clients/mongodb.ts';
import { ask, expectAnswer } from '../core/asking.ts';
import type { Check, Option, Services } from '../core/check.ts';
import { withCollection } from './mongodb-use.ts';

const common = { system: 'mongodb', needs: ['mongodb'], deadline: 30_000 };

const replicaSet: Option = { needs: '`mongodb-replica-set: true`', isOn: isReplicaSet };

/** A replica set without a key file, and this one has none, knows no access control. */
export const accessControl: Option = {
  needs: 'access control, which `mongodb-replica-set` turns off',
  isOn: (services) => !isReplicaSet(services),
};

function isReplicaSet(services: Services): boolean {
  return services['mongodb']?.endpoints['mongodb']?.url.includes('replicaSet=') === true;
}

/** What holds with the input `mongodb-replica-set` alone. */
export const replicaSetChecks: readonly Check[] = [
  {
    ...common,
    id: 'mongodb.transaction',
    option: replicaSet,
    standIns: { mongodb: 'The stand-in knows no transactions: an abort keeps the writes.' },
    promise: 'Of a transaction that is aborted nothing stays, and all of one that is committed.',
    run: (stack, signal) =>
      withCollection('smoke_transaction', stack, async (orders, name, client) => {
        await ask(`create ${name}`, signal, () => client.db().createCollection(name));
        for (const end of ['abort', 'commit'] as const) {
          const request = `insert two documents into ${name} in a transaction, then ${end}`;
          await ask(request, signal, () => insertInTransaction(client, name, end));
        }
        const request = `find all of ${name}, after an aborted and a committed transaction of two documents each`;
        const found = await ask(request, signal, () => orders.find({}, { projection: { _id: 0 } }).toArray());
        expectAnswer(found.length === 2 && found.every(({ end }) => end === 'commit'), request, found);
      }),
  },
  {
    ...common,
    id: 'mongodb.change-stream',
    option: replicaSet,
    standIns: { mongodb: 'The stand-in knows no change streams.' },
    promise: 'A change stream tells of a document that is inserted.',
    run: (stack, signal) =>
      withCollection('smoke_stream', stack, async (orders, name, client) => {
        await ask(`create ${name}`, signal, () => client.db().createCollection(name));
        const stream = orders.watch();
        try {
          const request = `watch ${name}, into which { sku: 'A-1' } is inserted`;
          const change = await ask(request, signal, async () => {
            // Only this opens it at the server, and what comes before is not told.
            await stream.tryNext();
            await orders.insertOne({ sku: 'A-1' });
            return stream.next();
          });
          const told = change.operationType === 'insert' && change.fullDocument['sku'] === 'A-1';
          expectAnswer(told, request, change);
        } finally {
          await stream.close();
        }
      }),
  },
];

async function insertInTransaction(
  client: MongoClient,
  name: string,
  end: 'abort' | 'commit',
): Promise<void> {
  const session = client.startSession();
  try {
    session.startTransaction();
    const orders = client.db().collection(name);
    for (const order of [1, 2]) await orders.insertOne({ order, end }, { session });
    await (end === 'abort' ? session.abortTransaction() : session.commitTransaction());
  } finally {
    await session.endSession();
  }
}

import { ask, expectAnswer, shown } from '../core/asking.ts';
import type { Check } from '../core/check.ts';
import { databaseChecks } from './mongodb-databases.ts';
import { replicaSetChecks } from './mongodb-replica-set.ts';
import { refusal, withCollection } from './mongodb-use.ts';

const common = { system: 'mongodb', needs: ['mongodb'], deadline: 20_000 };

export const mongodbChecks: readonly Check[] = [
  {
    ...common,
    id: 'mongodb.insert',
    promise: 'A document that is inserted is found.',
    run: (stack, signal) =>
      withCollection('smoke_insert', stack, async (orders, name) => {
        const request = `insert { sku: 'A-1', quantity: 2 } into ${name} and find it`;
        const found = await ask(request, signal, async () => {
          await orders.insertOne({ sku: 'A-1', quantity: 2 });
          return orders.findOne({ sku: 'A-1' }, { projection: { _id: 0 } });
        });
        expectAnswer(shown(found) === '{"sku":"A-1","quantity":2}', request, found);
      }),
  },
  {
    ...common,
    id: 'mongodb.unique-index',
    promise: 'A unique index refuses a second document with the same key.',
    run: (stack, signal) =>
      withCollection('smoke_unique', stack, async (orders, name) => {
        await ask(`create a unique index of sku in ${name}`, signal, () =>
          orders.createIndex({ sku: 1 }, { unique: true }),
        );
        await ask(`insert { sku: 'A-1' } into ${name}`, signal, () => orders.insertOne({ sku: 'A-1' }));
        const again = `insert { sku: 'A-1' } into ${name}, which has it and a unique index of sku`;
        const refused = await ask(again, signal, () => refusal(orders.insertOne({ sku: 'A-1' })));
        // DuplicateKey
        expectAnswer(refused?.code === 11000, again, refused ?? 'accepted');
      }),
  },
  {
    ...common,
    id: 'mongodb.aggregate',
    promise: 'An aggregation groups and sums.',
    run: (stack, signal) =>
      withCollection('smoke_aggregate', stack, async (orders, name) => {
        const documents = [1, 2, 4].map((quantity) => ({ sku: quantity < 4 ? 'A-1' : 'B-2', quantity }));
        const asked = JSON.stringify(documents);
        await ask(`insert ${asked} into ${name}`, signal, () => orders.insertMany(documents));
        const pipeline = [
          { $group: { _id: '$sku', quantity: { $sum: '$quantity' } } },
          { $sort: { _id: 1 } },
        ];
        const request = `aggregate ${JSON.stringify(pipeline)} of ${asked} in ${name}`;
        const sums = await ask(request, signal, () => orders.aggregate(pipeline).toArray());
        const wanted = '[{"_id":"A-1","quantity":3},{"_id":"B-2","quantity":4}]';
        expectAnswer(shown(sums) === wanted, request, sums);
      }),
  },
  ...databaseChecks,
  ...replicaSetChecks,
];

import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { asObject } from '../../src/core/json.ts';
import { readText } from './stack-file.ts';
import { runInit, type Server } from './stack-mongodb.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
// MongoDB's types that JSON has no word for: a date is a Date here, and object ids are not used.
ajv.addKeyword({
  keyword: 'isDate',
  validate: (wanted: boolean, value: unknown) => value instanceof Date === wanted,
});

const jsonTypes: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  string: 'string',
  objectId: 'string',
  bool: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  decimal: 'number',
};

/** MongoDB's dialect, draft 4 with bsonType, as the JSON Schema that ajv knows. */
function translate(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(translate);
  const map = asObject(schema);
  if (map === undefined) return schema;
  const { bsonType, minimum, exclusiveMinimum, ...rest } = map;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, translate(value)]));
  const bound =
    minimum === undefined ? {} : { [exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum']: minimum };
  return { ...typeOf(bsonType), ...bound, ...inner };
}

function typeOf(bsonType: unknown): Record<string, unknown> {
  if (bsonType === undefined) return {};
  if (bsonType === 'date') return { isDate: true };
  const types = [bsonType].flat().map((each) => {
    const known = jsonTypes[String(each)];
    if (known === undefined) throw new Error(`${String(each)} is no BSON type of these schemas`);
    return known;
  });
  const [type, ...more] = new Set(types);
  return { type: more.length === 0 ? type : [type, ...more] };
}

const server = runInit();

function validator(name: string): ValidateFunction {
  const found = server.collections.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no collection ${name}`);
  return ajv.compile(asObject(translate(found.schema)) ?? {});
}

const now = new Date();
const length = (value: unknown) => ({ value, unit: 'CENTIMETERS' });
const product = {
  _id: '665f1f77bcf86cd799439011',
  sku: 'SKU-1',
  title: 'A box of tea',
  dimensions: {
    item: {
      length: length('12.5'),
      width: length(8),
      height: length(4.25),
      weight: { value: '0.2', unit: 'KILOGRAMS' },
    },
  },
  attributes: { hazmatInfo: { isHazmat: true, unNumber: 'UN1263' } },
  createdAt: now,
  updatedAt: now,
  version: 0,
};
const carton = {
  _id: 'c1',
  name: 'Box',
  dimensions: { length: '20.0', width: 15, height: 10.5, unit: 'INCHES' },
  maxWeight: { value: '1E+1', unit: 'POUNDS' },
  status: 'ACTIVE',
  createdAt: now,
};
const solution = {
  _id: 's1',
  requestId: 'r',
  orderId: 'o',
  packages: [{ carton, items: [] }],
  createdAt: now,
};

const good: readonly (readonly [string, string, unknown])[] = [
  ['products', 'as the service writes it', product],
  ['products', 'with what is required and no more', { sku: 'a', title: 'b', createdAt: now, updatedAt: now }],
  ['cartons', 'as the service writes it', carton],
  ['packing_solutions', 'as the service writes it', solution],
  ['packing_solutions', 'without a package', { _id: 's2', packages: [] }],
];
const bad: readonly (readonly [string, string, unknown])[] = [
  ['products', 'without a title', { ...product, title: undefined }],
  ['products', 'with an empty sku', { ...product, sku: '' }],
  ['products', 'with text for a date', { ...product, createdAt: '2026-01-01' }],
  [
    'products',
    'with a length of no unit',
    { ...product, dimensions: { item: { ...product.dimensions.item, length: { value: 1 } } } },
  ],
  [
    'products',
    'with a length of zero',
    { ...product, dimensions: { item: { ...product.dimensions.item, length: length('0.00') } } },
  ],
  [
    'products',
    'with hazmat information that does not say',
    { ...product, attributes: { hazmatInfo: { unNumber: 'UN1' } } },
  ],
  ['cartons', 'without dimensions', { ...carton, dimensions: undefined }],
  ['cartons', 'of negative height', { ...carton, dimensions: { ...carton.dimensions, height: -1 } }],
  ['cartons', 'with words for a length', { ...carton, dimensions: { ...carton.dimensions, length: 'long' } }],
  ['cartons', 'with a unit that nobody knows', { ...carton, maxWeight: { value: 1, unit: 'STONE' } }],
  ['cartons', 'with a name of 101 letters', { ...carton, name: 'x'.repeat(101) }],
  ['cartons', 'with a status that nobody knows', { ...carton, status: 'GONE' }],
  ['packing_solutions', 'without packages', { ...solution, packages: undefined }],
  ['packing_solutions', 'with a package of no carton', { ...solution, packages: [{ items: [] }] }],
];

describe('validators', () => {
  test.each(good)('%s takes a document %s', (name, _, document) => {
    const validate = validator(name);
    expect([validate(document), validate.errors]).toEqual([true, null]);
  });

  test.each(bad)('%s refuses a document %s', (name, _, document) => {
    expect(validator(name)(JSON.parse(JSON.stringify(document), revive))).toBe(false);
  });

  test('the first documents of every collection pass', () => {
    const documents = server.collections.flatMap(({ name, documents }) =>
      [...documents.values()].map((document) => [name, document] as const),
    );
    expect(documents).toHaveLength(3);
    for (const [name, document] of documents) expect(validator(name)(document)).toBe(true);
  });
});

/** JSON leaves undefined fields out, as a driver does; dates are dates again. */
function revive(key: string, value: unknown): unknown {
  return (key === 'createdAt' || key === 'updatedAt') && String(value).includes('T')
    ? new Date(String(value))
    : value;
}

test('every database has a user who may read and write it, and nothing else', () => {
  const roles = [...server.databases].map(([name, { users }]) => [
    name,
    [...users.values()].map((user) => [user['user'], user['roles']]),
  ]);
  const readWrite = (user: string, db: string) => [db, [[user, [{ role: 'readWrite', db }]]]];
  expect(roles).toEqual([
    readWrite('productcatalog', 'productcatalog'),
    readWrite('cartonization_user', 'cartonization'),
    readWrite('inventory', 'inventorydb'),
    readWrite('warehouse', 'warehouse'),
    readWrite('ordermanagement', 'order_management'),
    readWrite('shipment', 'shipment_db'),
  ]);
});

test('a second run changes nothing', () => {
  const ids = ({ databases }: Server) => [...databases].map(([name, { users }]) => [name, [...users.keys()]]);
  expect(ids(runInit(2))).toEqual(ids(runInit(1)));
  const content = ({ collections }: Server) =>
    collections.map(({ name, indexes, documents }) => [name, indexes, [...documents.keys()]]);
  expect(content(runInit(2))).toEqual(content(runInit(1)));
});

test('indexes that a service declares itself have the name that Spring gives them', () => {
  const named = server.collections.flatMap(({ name, indexes }) =>
    indexes.map((index) => `${name}.${String(index['name'])}${index['unique'] === true ? ' unique' : ''}`),
  );
  expect(named).toEqual(
    expect.arrayContaining([
      'products.sku unique',
      'cartons.name',
      'cartons.status',
      'packing_solutions.requestId',
      'packing_solutions.orderId',
      'packing_solutions.createdAt',
    ]),
  );
});

test('the init scripts run in this order: replica set, databases, the marker of the end', () => {
  const scripts = ['00-replica-set.js', '10-databases.js', '50-caller-01-own.js', '99-initialized.sh'];
  expect(scripts.toSorted()).toEqual(scripts);
  expect(readText('mongodb/init/99-initialized.sh')).toContain('touch /data/db/.paklog-initialized');
});

import type { Document } from '../clients/mongodb.ts';
import type { Login } from './mongodb-use.ts';

/** A collection that a service finds when it starts. */
export interface Promised {
  readonly database: string;
  readonly collection: string;
  /** The keys of each index but the one of `_id`. */
  readonly indexes: readonly Index[];
  /** Documents that are there from the beginning. */
  readonly documents: readonly string[];
  /** What its validator accepts; `_id` and unique fields are given by the check. */
  valid(now: Date): Document;
  /** What makes a valid document one that is refused: the rule, and the fields that break it. */
  readonly invalid: Readonly<Record<string, Document>>;
}

interface Index {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: boolean;
}

/** What compose/mongodb/init/10-databases.js makes for product-catalog and cartonization. */
export const promised: readonly Promised[] = [
  {
    database: 'productcatalog',
    collection: 'products',
    indexes: [
      { key: { sku: 1 }, unique: true },
      { key: { title: 1 } },
      { key: { createdAt: -1 } },
      { key: { updatedAt: -1 } },
    ],
    documents: [],
    valid: (now) => ({ title: 'Smoke', createdAt: now, updatedAt: now }),
    invalid: { 'without a title': { title: undefined }, 'with a number as its title': { title: 7 } },
  },
  {
    database: 'cartonization',
    collection: 'cartons',
    indexes: [
      { key: { name: 1 } },
      { key: { status: 1 } },
      { key: { createdAt: -1 } },
      { key: { 'dimensions.length': 1, 'dimensions.width': 1, 'dimensions.height': 1 } },
    ],
    documents: ['small-box-001', 'medium-box-001', 'large-box-001'],
    valid: () => ({
      name: 'Smoke',
      dimensions: { length: 20.5, width: 15.5, height: 10.5, unit: 'CENTIMETERS' },
      maxWeight: { value: 5.5, unit: 'KILOGRAMS' },
      status: 'ACTIVE',
    }),
    invalid: {
      'with an unknown status': { status: 'BROKEN' },
      'without dimensions': { dimensions: undefined },
      'of no height': { dimensions: { length: 20.5, width: 15.5, height: 0, unit: 'CENTIMETERS' } },
    },
  },
  {
    database: 'cartonization',
    collection: 'packing_solutions',
    indexes: [{ key: { requestId: 1 } }, { key: { orderId: 1 } }, { key: { createdAt: 1 } }],
    documents: [],
    valid: () => ({ packages: [{ carton: {}, items: [] }] }),
    invalid: {
      'without packages': { packages: undefined },
      'with a package without items': { packages: [{ carton: {} }] },
    },
  },
];

export const users: readonly Login[] = [
  { user: 'productcatalog', password: 'productcatalog123', database: 'productcatalog' },
  { user: 'cartonization_user', password: 'cartonization_pass', database: 'cartonization' },
];

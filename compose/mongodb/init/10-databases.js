// The databases of the PakLog services: a user for each, and for product-catalog and cartonization the collections
// with their validators, indexes and first documents. Runs in mongosh, once, before MongoDB is reachable from outside;
// running it again changes nothing.

const text = { bsonType: 'string', minLength: 1 };
const instant = { bsonType: 'date' };
const identifier = { bsonType: ['string', 'objectId'] };

// A shell or a driver writes 20.0 as Int32 and 20.5 as Double, and Spring Data MongoDB 4 writes a BigDecimal as a
// string: all of them are the same quantity. The bound is for numbers, the pattern for strings.
const quantity = {
  bsonType: ['int', 'long', 'double', 'decimal', 'string'],
  minimum: 0,
  exclusiveMinimum: true,
  pattern: '^(?=[^E]*[1-9])[0-9]+([.][0-9]+)?(E[+-]?[0-9]+)?$',
};

const measured = (unit) => ({
  bsonType: 'object',
  required: ['value', 'unit'],
  properties: { value: quantity, unit },
});

const extents = {
  bsonType: 'object',
  required: ['length', 'width', 'height', 'weight'],
  properties: {
    length: measured(text),
    width: measured(text),
    height: measured(text),
    weight: measured(text),
  },
};

const product = {
  bsonType: 'object',
  required: ['sku', 'title', 'createdAt', 'updatedAt'],
  properties: {
    sku: text,
    title: text,
    dimensions: { bsonType: 'object', properties: { item: extents, packageDimensions: extents } },
    attributes: {
      bsonType: 'object',
      properties: {
        hazmatInfo: {
          bsonType: 'object',
          required: ['isHazmat'],
          properties: { isHazmat: { bsonType: 'bool' }, unNumber: { bsonType: 'string' } },
        },
      },
    },
    createdAt: instant,
    updatedAt: instant,
  },
};

const carton = {
  bsonType: 'object',
  required: ['name', 'dimensions', 'maxWeight', 'status'],
  properties: {
    _id: identifier,
    name: { bsonType: 'string', minLength: 1, maxLength: 100 },
    dimensions: {
      bsonType: 'object',
      required: ['length', 'width', 'height', 'unit'],
      properties: {
        length: quantity,
        width: quantity,
        height: quantity,
        unit: { enum: ['CENTIMETERS', 'INCHES'] },
      },
    },
    maxWeight: measured({ enum: ['KILOGRAMS', 'POUNDS'] }),
    status: { enum: ['ACTIVE', 'INACTIVE'] },
    createdAt: instant,
    updatedAt: instant,
  },
};

// The service keeps its solutionId as _id.
const packingSolution = {
  bsonType: 'object',
  required: ['packages'],
  properties: {
    _id: identifier,
    requestId: { bsonType: 'string' },
    orderId: { bsonType: 'string' },
    packages: {
      bsonType: 'array',
      items: {
        bsonType: 'object',
        required: ['carton', 'items'],
        properties: { carton: { bsonType: 'object' }, items: { bsonType: 'array' } },
      },
    },
    createdAt: instant,
  },
};

const box = (id, name, [length, width, height], kilograms) => ({
  _id: id,
  name,
  dimensions: { length: Double(length), width: Double(width), height: Double(height), unit: 'CENTIMETERS' },
  maxWeight: { value: Double(kilograms), unit: 'KILOGRAMS' },
  status: 'ACTIVE',
});

// An index that a service declares by @Indexed is called as Spring calls it, after its field: a service that creates
// its indexes itself would otherwise fail to start, because the same index has another name.
const databases = {
  productcatalog: {
    user: { name: 'productcatalog', password: 'productcatalog123' },
    collections: {
      products: {
        schema: product,
        indexes: [
          { key: { sku: 1 }, name: 'sku', unique: true },
          { key: { title: 1 }, name: 'title_1' },
          { key: { createdAt: -1 }, name: 'createdAt_-1' },
          { key: { updatedAt: -1 }, name: 'updatedAt_-1' },
        ],
        documents: [],
      },
    },
  },
  cartonization: {
    user: { name: 'cartonization_user', password: 'cartonization_pass' },
    collections: {
      cartons: {
        schema: carton,
        indexes: [
          { key: { name: 1 }, name: 'name' },
          { key: { status: 1 }, name: 'status' },
          { key: { createdAt: -1 }, name: 'createdAt_-1' },
          {
            key: { 'dimensions.length': 1, 'dimensions.width': 1, 'dimensions.height': 1 },
            name: 'dimensions',
          },
        ],
        documents: [
          box('small-box-001', 'Small Box', [20, 15, 10], 5),
          box('medium-box-001', 'Medium Box', [35, 25, 20], 15),
          box('large-box-001', 'Large Box', [50, 40, 30], 25),
        ],
      },
      packing_solutions: {
        schema: packingSolution,
        indexes: [
          { key: { requestId: 1 }, name: 'requestId' },
          { key: { orderId: 1 }, name: 'orderId' },
          { key: { createdAt: 1 }, name: 'createdAt' },
        ],
        documents: [],
      },
    },
  },
  // These services create their collections and indexes themselves.
  inventorydb: { user: { name: 'inventory', password: 'inventory123' }, collections: {} },
  warehouse: { user: { name: 'warehouse', password: 'warehouse123' }, collections: {} },
  order_management: { user: { name: 'ordermanagement', password: 'ordermanagement123' }, collections: {} },
  shipment_db: { user: { name: 'shipment', password: 'shipment123' }, collections: {} },
};

function ensureUser(target, database, { name, password }) {
  try {
    target.createUser({ user: name, pwd: password, roles: [{ role: 'readWrite', db: database }] });
  } catch (error) {
    if (!error.message.includes('already exists')) throw error;
  }
}

function ensureCollection(target, name, { schema, indexes, documents }) {
  const validator = { $jsonSchema: schema };
  if (!target.getCollectionNames().includes(name)) target.createCollection(name, { validator });
  const collection = target.getCollection(name);
  for (const { key, ...options } of indexes) collection.createIndex(key, options);
  for (const { _id, ...fields } of documents) {
    const now = new Date();
    const whole = { ...fields, createdAt: now, updatedAt: now };
    collection.updateOne({ _id }, { $setOnInsert: whole }, { upsert: true });
  }
}

for (const [name, { user, collections }] of Object.entries(databases)) {
  const target = db.getSiblingDB(name);
  ensureUser(target, name, user);
  for (const [collection, definition] of Object.entries(collections)) {
    ensureCollection(target, collection, definition);
  }
}

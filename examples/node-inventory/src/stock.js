/** What is in stock: MongoDB has it, Redis answers the questions. */
export function createStock(database, redis) {
  const items = database.collection('stock');
  const key = (sku) => `stock:${sku}`;
  const seconds = 3600;

  /** Changes the stock where there is enough of it, and tells what is left, or `undefined` where nothing was changed. */
  async function change(filter, quantity, options = {}) {
    const update = { $inc: { available: quantity } };
    const item = await items.findOneAndUpdate(filter, update, { returnDocument: 'after', ...options });
    if (item === null) return undefined;
    await redis.set(key(item._id), item.available, 'EX', seconds);
    return item.available;
  }

  return {
    deliver: (sku, quantity) => change({ _id: sku }, quantity, { upsert: true }),

    reserve: (sku, quantity) => change({ _id: sku, available: { $gte: quantity } }, -quantity),

    async available(sku) {
      const known = await redis.get(key(sku));
      if (known !== null) return Number(known);
      const item = await items.findOne({ _id: sku });
      // Never over what a change has written in the meantime.
      if (item !== null) await redis.set(key(sku), item.available, 'EX', seconds, 'NX');
      return item?.available;
    },
  };
}

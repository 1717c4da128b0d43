import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { serveOrders } from './orders.js';
import { createStock } from './stock.js';

/** Starts the service with the addresses of an environment. */
export async function startService(env, port) {
  const address = (name) => {
    if (!env[name]) throw new Error(`${name} is not set.`);
    return env[name];
  };
  // When one system cannot be reached, what is open is closed, and the process can end.
  await using opened = new AsyncDisposableStack();
  const mongo = opened.adopt(await MongoClient.connect(address('MONGODB_URI')), (client) => client.close());
  const redis = opened.adopt(new Redis(address('REDIS_URL')), (client) => client.disconnect());
  const stock = createStock(mongo.db(), redis);
  const orders = opened.use(await serveOrders(address('KAFKA_BOOTSTRAP_SERVERS'), stock));
  const server = createServer((request, response) => answer(stock, request, response));
  opened.adopt(server.listen(port), () => server.close());
  await once(server, 'listening');
  const kept = opened.move();
  return {
    url: `http://localhost:${server.address().port}`,
    served: orders.served,
    close: () => kept.disposeAsync(),
  };
}

/** `PUT /stock/SKU` with a quantity delivers, `GET /stock/SKU` tells what is there. */
async function answer(stock, request, response) {
  const reply = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    const [, sku] = /^\/stock\/([\w-]+)$/.exec(request.url) ?? [];
    if (sku === undefined) return reply(404, { error: 'There is only /stock/SKU.' });
    if (request.method === 'PUT') await stock.deliver(sku, Number((await json(request)).quantity));
    const available = await stock.available(sku);
    return available === undefined ? reply(404, { error: `No ${sku}.` }) : reply(200, { sku, available });
  } catch (error) {
    console.error(error);
    return reply(500, { error: 'The stock cannot be reached.' });
  }
}

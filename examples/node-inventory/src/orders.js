import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { log, serviceName } from './telemetry.js';

/** Reserves stock for every order that Kafka tells of, and answers whether there was enough. */
export async function serveOrders(bootstrapServers, stock) {
  const client = { clientId: serviceName, bootstrapBrokers: bootstrapServers.split(',') };
  await using opened = new AsyncDisposableStack();
  const close = (either) => either.close(true);
  const producer = opened.adopt(new Producer({ ...client, serializers: stringSerializers }), close);
  const settings = { ...client, groupId: serviceName, deserializers: stringDeserializers };
  const consumer = opened.adopt(new Consumer(settings), close);
  const from = { mode: 'committed', fallbackMode: 'earliest', autocommit: true };
  const stream = await consumer.consume({ ...from, topics: ['orders.placed'] });

  const serve = async () => {
    for await (const message of stream) {
      await inSpanOf(message, async () => {
        const { orderId, sku, quantity } = JSON.parse(message.value);
        const reserved = (await stock.reserve(sku, quantity)) !== undefined;
        log(`order ${orderId}: ${quantity} of ${sku} ${reserved ? 'reserved' : 'not in stock'}`);
        const headers = {};
        propagation.inject(context.active(), headers);
        const value = JSON.stringify({ orderId, sku, quantity, reserved });
        await producer.send({ messages: [{ topic: 'stock.answers', key: orderId, value, headers }] });
      });
    }
  };

  const kept = opened.move();
  return {
    /** Ends with an error when the service cannot go on. */
    served: serve(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Goes on with the trace that the message has in its headers. */
function inSpanOf({ topic, headers }, body) {
  const parent = propagation.extract(context.active(), Object.fromEntries(headers));
  const tracer = trace.getTracer(serviceName);
  return tracer.startActiveSpan(`${topic} process`, { kind: SpanKind.CONSUMER }, parent, async (span) => {
    try {
      await body();
    } finally {
      span.end();
    }
  });
}

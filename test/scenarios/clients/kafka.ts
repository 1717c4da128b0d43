import { randomUUID } from 'node:crypto';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';

export type Messages = Readonly<Record<string, string>>;

/** Sends messages by key to a topic that Kafka creates on the way. */
export async function produce(bootstrap: string, topic: string, messages: Messages): Promise<void> {
  const producer = new Producer({
    clientId: 'scenario-producer',
    bootstrapBrokers: [bootstrap],
    serializers: stringSerializers,
    autocreateTopics: true,
  });
  try {
    const entries = Object.entries(messages).map(([key, value]) => ({ topic, key, value }));
    await producer.send({ messages: entries });
  } finally {
    await producer.close();
  }
}

/** Reads a topic from its beginning, as a group of its own, until so many keys have come. */
export async function consume(bootstrap: string, topic: string, count: number): Promise<Messages> {
  const consumer = new Consumer({
    clientId: 'scenario-consumer',
    groupId: `scenario-${randomUUID()}`,
    bootstrapBrokers: [bootstrap],
    deserializers: stringDeserializers,
  });
  const received: Record<string, string> = {};
  try {
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'earliest',
      autocommit: true,
      maxWaitTime: 500,
    });
    for await (const { key, value } of stream) {
      received[key] = value;
      if (Object.keys(received).length >= count) break;
    }
  } finally {
    await consumer.close(true);
  }
  return received;
}

/** What the broker tells its clients: its own address, and the partitions of topics. */
export async function describe(
  bootstrap: string,
  topics: readonly string[] = [],
): Promise<{ readonly brokers: readonly string[]; readonly partitions: Readonly<Record<string, number>> }> {
  const admin = new Admin({ clientId: 'scenario-admin', bootstrapBrokers: [bootstrap] });
  try {
    const metadata = await admin.metadata({ topics: [...topics] });
    const partitions = [...metadata.topics].map(([name, topic]) => [name, topic.partitionsCount] as const);
    return {
      brokers: [...metadata.brokers.values()].map(({ host, port }) => `${host}:${port}`),
      partitions: Object.fromEntries(partitions),
    };
  } finally {
    await admin.close();
  }
}

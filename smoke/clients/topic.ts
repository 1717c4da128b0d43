import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';

/** A message with text in all its parts. */
export interface Message {
  readonly key: string;
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes a topic of one partition and sends messages to it. */
export async function fillTopic(
  bootstrap: string,
  topic: string,
  messages: readonly Message[],
): Promise<void> {
  const options = { clientId: 'smoke', bootstrapBrokers: [bootstrap] };
  const admin = new Admin(options);
  const producer = new Producer({ ...options, serializers: stringSerializers });
  try {
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    await producer.send({
      messages: messages.map(({ key, value, headers }) => ({ topic, key, value, headers: { ...headers } })),
    });
  } finally {
    await producer.close();
    await admin.close();
  }
}

/** The first message of a topic, read as a consumer group of its own. */
export async function firstMessage(bootstrap: string, topic: string): Promise<Message> {
  const consumer = new Consumer({
    clientId: 'smoke',
    groupId: `smoke-${topic}`,
    bootstrapBrokers: [bootstrap],
    deserializers: stringDeserializers,
  });
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 500 });
    for await (const { key, value, headers } of stream)
      return { key, value, headers: Object.fromEntries(headers) };
    throw new Error('The stream of messages ended.');
  } finally {
    await consumer.close(true);
  }
}

export async function removeTopic(bootstrap: string, topic: string): Promise<void> {
  const admin = new Admin({ clientId: 'smoke', bootstrapBrokers: [bootstrap] });
  try {
    await admin.deleteTopics({ topics: [topic] });
  } finally {
    await admin.close();
  }
}

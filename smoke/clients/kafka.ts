import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  FetchIsolationLevels,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';

/** A message with text in all its parts. */
export interface Message {
  readonly key: string;
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message as it was read. */
export interface Received extends Required<Message> {
  readonly partition: number;
  readonly offset: number;
}

/** The client's own delay is a second, which is what every new coordinator and topic would cost. */
const common = (bootstrap: string) => ({
  clientId: 'smoke',
  bootstrapBrokers: [bootstrap],
  retries: 10,
  retryDelay: 200,
});

async function withAdmin<T>(bootstrap: string, body: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin(common(bootstrap));
  try {
    return await body(admin);
  } finally {
    await admin.close();
  }
}

/** Creates a topic with settings of its own. */
export async function createTopic(
  bootstrap: string,
  topic: string,
  partitions = 1,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configs = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await withAdmin(bootstrap, (admin) =>
    admin.createTopics({ topics: [topic], partitions, replicas: 1, configs }),
  );
}

/** Removes a topic, and with it what groups have committed of it. */
export async function removeTopic(bootstrap: string, topic: string): Promise<void> {
  await withAdmin(bootstrap, (admin) => admin.deleteTopics({ topics: [topic] }));
}

/** How many partitions a topic has, and one of its settings. */
export function describeTopic(bootstrap: string, topic: string, setting: string) {
  return withAdmin(bootstrap, async (admin) => {
    const metadata = await admin.metadata({ topics: [topic], forceUpdate: true });
    const resource = {
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName: topic,
      configurationKeys: [setting],
    };
    const described = await admin.describeConfigs({ resources: [resource] });
    const value = described[0]?.configs.find(({ name }) => name === setting)?.value;
    return { partitions: metadata.topics.get(topic)?.partitionsCount, [setting]: value };
  });
}

export function listTopics(bootstrap: string): Promise<readonly string[]> {
  return withAdmin(bootstrap, (admin) => admin.listTopics());
}

/** Sends messages to a topic; `autocreate` also to one that is not there yet. */
export async function send(
  bootstrap: string,
  topic: string,
  messages: readonly Message[],
  autocreate = false,
): Promise<void> {
  const options = { ...common(bootstrap), serializers: stringSerializers, autocreateTopics: autocreate };
  const producer = new Producer(options);
  try {
    await producer.send({ messages: written(topic, messages) });
  } finally {
    await producer.close(true);
  }
}

function written(topic: string, messages: readonly Message[]) {
  return messages.map(({ key, value, headers = {} }) => ({ topic, key, value, headers: { ...headers } }));
}

/** What one transactional producer sends and how it ends that, one transaction after another. */
export type Transactions = readonly {
  readonly messages: readonly Message[];
  readonly end: 'commit' | 'abort';
}[];

export async function sendInTransactions(
  bootstrap: string,
  transactionalId: string,
  topic: string,
  transactions: Transactions,
): Promise<void> {
  const options = { ...common(bootstrap), serializers: stringSerializers, transactionalId, idempotent: true };
  const producer = new Producer(options);
  try {
    for (const { messages, end } of transactions) {
      const transaction = await producer.beginTransaction();
      await transaction.send({ messages: written(topic, messages) });
      await transaction[end]();
    }
  } finally {
    await producer.close(true);
  }
}

export interface Reading {
  readonly topic: string;
  readonly group: string;
  /** How many messages; the read goes on until they have come. */
  readonly count: number;
  /** Goes on where the group has committed, instead of at the beginning. */
  readonly resume?: boolean;
  /** Commits the offset after the last message. */
  readonly commit?: boolean;
  /** Also what belongs to no committed transaction. */
  readonly uncommitted?: boolean;
}

/** Reads messages as a member of a consumer group, which is left after it. */
export async function read(bootstrap: string, reading: Reading): Promise<readonly Received[]> {
  const { topic, group, count, resume = false, commit = false, uncommitted = false } = reading;
  const isolationLevel = FetchIsolationLevels[uncommitted ? 'READ_UNCOMMITTED' : 'READ_COMMITTED'];
  const options = {
    ...common(bootstrap),
    groupId: group,
    deserializers: stringDeserializers,
    isolationLevel,
  };
  const consumer = new Consumer(options);
  const received: Received[] = [];
  try {
    const mode = resume ? 'committed' : 'earliest';
    const wanted = { topics: [topic], mode, fallbackMode: 'earliest', autocommit: false } as const;
    const stream = await consumer.consume({ ...wanted, topics: [topic], maxWaitTime: 500 });
    for await (const message of stream) {
      const { key, value, headers, partition, offset } = message;
      received.push({ key, value, headers: Object.fromEntries(headers), partition, offset: Number(offset) });
      if (received.length < count) continue;
      if (commit) await message.commit();
      break;
    }
  } finally {
    await consumer.close(true);
  }
  return received;
}

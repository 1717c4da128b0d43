import {
  createTopic,
  describeTopic,
  listTopics,
  type Message,
  read,
  removeTopic,
  send,
  sendInTransactions,
} from '../clients/kafka.ts';
import { ask, askUntil, expectAnswer } from '../core/asking.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';
import { fromInside } from './kafka-inside.ts';

const common = { system: 'kafka', needs: ['kafka'], deadline: 30_000 };

export const kafkaChecks: readonly Check[] = [
  {
    ...common,
    id: 'kafka.create-topic',
    promise: 'A topic is created with the partitions and the settings that are asked for.',
    run: (stack, signal) =>
      withTopic('smoke-create', stack, signal, async (url, topic) => {
        const wanted = { partitions: 3, 'retention.ms': '3600000' };
        await ask(`create the topic ${topic} with ${JSON.stringify(wanted)}`, signal, () =>
          createTopic(url, topic, wanted.partitions, { 'retention.ms': wanted['retention.ms'] }),
        );
        const request = `describe the topic ${topic}, created with ${JSON.stringify(wanted)}`;
        await askUntil(
          request,
          signal,
          () => describeTopic(url, topic, 'retention.ms'),
          (found) => JSON.stringify(found) === JSON.stringify(wanted),
        );
      }),
  },
  {
    ...common,
    id: 'kafka.auto-create',
    promise: 'A topic that nobody has created is there once something is sent to it.',
    run: (stack, signal) =>
      withTopic('smoke-auto', stack, signal, async (url, topic) => {
        await ask(`send to ${topic}, which does not exist`, signal, () =>
          send(url, topic, [{ key: 'order', value: 'placed' }], true),
        );
        const topics = await ask('list the topics', signal, () => listTopics(url));
        expectAnswer(topics.includes(topic), `list the topics after a message to ${topic}`, topics);
      }),
  },
  {
    ...common,
    id: 'kafka.records',
    promise:
      'What is sent through the listener of the host is read there with its keys and headers, in order.',
    run: (stack, signal) =>
      withTopic('smoke-records', stack, signal, async (url, topic) => {
        const sent: readonly Message[] = ['placed', 'packed', 'shipped'].map((value, at) => ({
          key: 'order-1',
          value,
          headers: { at: String(at), traceparent: `00-${'4b'.repeat(16)}-${'0a'.repeat(8)}-01` },
        }));
        await ask(`create the topic ${topic}`, signal, () => createTopic(url, topic, 3));
        await ask(`send ${sent.length} messages to ${topic}`, signal, () => send(url, topic, sent));
        const request = `read ${topic}, to which ${JSON.stringify(sent)} was sent`;
        const got = await ask(request, signal, () => read(url, { topic, group: topic, count: sent.length }));
        const same = got.map(({ key, value, headers }) => ({ key, value, headers }));
        expectAnswer(JSON.stringify(same) === JSON.stringify(sent), request, got);
        // One key is one partition: that is what keeps the order of an order's events.
        expectAnswer(new Set(got.map(({ partition }) => partition)).size === 1, request, got);
      }),
  },
  {
    ...common,
    id: 'kafka.consumer-group',
    promise: 'A consumer group that comes back goes on after the offset that it has committed.',
    run: (stack, signal) =>
      withTopic('smoke-group', stack, signal, async (url, topic) => {
        const sent = ['1', '2', '3', '4'].map((value) => ({ key: 'order', value }));
        await ask(`create the topic ${topic}`, signal, () => createTopic(url, topic));
        await ask(`send four messages to ${topic}`, signal, () => send(url, topic, sent));
        await ask(`read two messages of ${topic} as the group ${topic}, and commit`, signal, () =>
          read(url, { topic, group: topic, count: 2, commit: true }),
        );
        const request = `read ${topic} as the group ${topic} again, which has committed after two of four messages`;
        const rest = await ask(request, signal, () =>
          read(url, { topic, group: topic, count: 2, resume: true }),
        );
        expectAnswer(rest.map(({ value }) => value).join() === '3,4', request, rest);
      }),
  },
  {
    ...common,
    id: 'kafka.transactions',
    promise:
      'Of a transactional producer nothing is seen that it has aborted, and all that it has committed.',
    run: (stack, signal) =>
      withTopic('smoke-transaction', stack, signal, async (url, topic) => {
        await ask(`create the topic ${topic}`, signal, () => createTopic(url, topic));
        const transactions = (['abort', 'commit'] as const).map((end) => ({
          messages: ['first', 'second'].map((key) => ({ key, value: end })),
          end,
        }));
        await ask(`send two messages to ${topic} and abort, send two and commit`, signal, () =>
          sendInTransactions(url, topic, topic, transactions),
        );
        const request = `read ${topic} with read_committed, after an aborted and a committed transaction of two messages each`;
        const seen = await ask(request, signal, () => read(url, { topic, group: topic, count: 2 }));
        expectAnswer(
          seen.every(({ value }) => value === 'commit'),
          request,
          seen,
        );
        // Without this, a broker that lost the aborted ones would pass.
        const uncommitted = { topic, group: `${topic}-all`, count: 4, uncommitted: true };
        const everything = `read ${topic} with read_uncommitted, which has four messages`;
        await ask(everything, signal, () => read(url, uncommitted));
      }),
  },
  {
    ...common,
    id: 'kafka.in-network',
    promise:
      'A container on the network sends and reads with keys and headers through the listener of containers.',
    deadline: 60_000,
    run: (stack, signal) =>
      withTopic('smoke-inside', stack, signal, (url, topic) => fromInside(stack, signal, url, topic)),
  },
];

/** A round trip with a topic of its own, which is removed after it. */
async function withTopic(
  prefix: string,
  stack: Stack,
  signal: AbortSignal,
  body: (url: string, topic: string) => Promise<void>,
): Promise<void> {
  const { url } = endpointOf(stack, 'kafka', 'kafka');
  const topic = `${prefix}-${stack.id}`;
  try {
    await body(url, topic);
  } finally {
    if (!signal.aborted) await Promise.race([removeTopic(url, topic).catch(() => undefined), given(2000)]);
  }
}

/** What cannot be put away within this time stays. */
function given(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

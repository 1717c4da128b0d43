import { createTopic, read } from '../clients/kafka.ts';
import { answered, ask, expectAnswer } from '../core/asking.ts';
import { endpointOf, type Stack } from '../core/check.ts';

/** Kafka's own programs, which the image has; each of them is a JVM. */
const producer = `printf '%s\\n' "$1" | kafka-console-producer --bootstrap-server "$2" --topic "$3" --property parse.key=true --property parse.headers=true --producer-property max.block.ms=20000`;
const consumer =
  'kafka-console-consumer --bootstrap-server "$1" --topic "$2" --from-beginning --max-messages 1 --property print.key=true --property print.headers=true';

/** A container sends and another one reads, and the host reads the same. */
export async function fromInside(
  stack: Stack,
  signal: AbortSignal,
  url: string,
  topic: string,
): Promise<void> {
  const inside = endpointOf(stack, 'kafka', 'kafka').network.url;
  await ask(`create the topic ${topic}`, signal, () => createTopic(url, topic));
  // Headers, key and value, as the programs write and print them.
  const line = 'trace:4b\torder-1\tplaced';
  const sending = `send ${JSON.stringify(line)} to ${topic} at ${inside} with kafka-console-producer, from a container`;
  const reading = `read ${topic} at ${inside} with kafka-console-consumer, from a container`;
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  const run = (script: string, words: readonly string[]) =>
    stack.containers.beside('kafka', ['bash', '-euo', 'pipefail', '-c', script, 'bash', ...words], either);
  // Beside each other: most of the time of both is the start of a JVM.
  const got = run(consumer, [inside, topic]);
  try {
    const sent = await ask(sending, signal, () => run(producer, [line, inside, topic]));
    // It ends well, whatever becomes of its messages, and only says so.
    expectAnswer(
      !/\bERROR\b/.test(answered(sending, sent) + sent.stderr),
      sending,
      sent.stderr || sent.stdout,
    );
    const printed = answered(reading, await ask(reading, signal, () => got));
    // Warnings about a topic without a leader yet come before it on some versions.
    expectAnswer(printed.split('\n').at(-1) === line, reading, printed);
  } finally {
    enough.abort();
    await got;
  }
  const request = `read ${topic} at ${url} from the host, to which a container has sent ${JSON.stringify(line)}`;
  const [received] = await ask(request, signal, () => read(url, { topic, group: topic, count: 1 }));
  const { key, value, headers = {} } = received ?? {};
  expectAnswer(key === 'order-1' && value === 'placed' && headers['trace'] === '4b', request, received);
}

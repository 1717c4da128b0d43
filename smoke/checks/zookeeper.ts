import { asArray, asObject } from '../../src/core/json.ts';
import { fourLetters, readChildren } from '../clients/zookeeper.ts';
import { ask, expectAnswer } from '../core/asking.ts';
import { type Check, endpointOf } from '../core/check.ts';

export const zookeeperChecks: readonly Check[] = [
  {
    id: 'zookeeper.ruok',
    system: 'zookeeper',
    promise: 'ZooKeeper says that it is well when it is asked with `ruok`.',
    needs: ['zookeeper'],
    deadline: 10_000,
    run: async (stack, signal) => {
      const { host, port } = endpointOf(stack, 'zookeeper', 'zookeeper');
      const request = `ruok to ${host}:${port}`;
      const answer = await ask(request, signal, () => fourLetters(host, port, 'ruok', signal));
      expectAnswer(answer === 'imok', request, answer);
    },
  },
  {
    id: 'zookeeper.broker',
    system: 'zookeeper',
    promise: "Kafka's broker is registered, with the addresses to which it sends the host and containers.",
    needs: ['zookeeper', 'kafka'],
    deadline: 15_000,
    run: async (stack, signal) => {
      const { url } = endpointOf(stack, 'zookeeper', 'zookeeper');
      const kafka = endpointOf(stack, 'kafka', 'kafka');
      const request = `read /brokers/ids at ${url}, where a broker has to be at ${kafka.url} and ${kafka.network.url}`;
      const brokers = await ask(request, signal, () => readChildren(url, '/brokers/ids', signal));
      const addresses = [...brokers.values()].flatMap(endpointsOf);
      const wanted = [kafka.url, kafka.network.url];
      expectAnswer(
        wanted.every((address) => addresses.includes(address)),
        request,
        brokers,
      );
    },
  },
];

/** The addresses in a broker's registration: `{"endpoints":["PLAINTEXT://kafka:29092"]}`. */
function endpointsOf(data: string): readonly string[] {
  const endpoints = asArray(asObject(JSON.parse(data))?.['endpoints']);
  return endpoints.map((each) => String(each).replace(/^\w+:\/\//, ''));
}

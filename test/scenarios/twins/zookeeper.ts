import type { CoreTwin } from './core-twin.ts';
import { onTheWire } from './wire.ts';

export const zookeeperTwins: readonly CoreTwin[] = [
  {
    id: 'zookeeper.ruok',
    fault: 'the word is not in the list of those that are allowed',
    says: 'ruok is not executed because it is not in the whitelist.',
    arrange: (stack) =>
      onTheWire(stack, 'zookeeper', {
        toClient: (bytes) =>
          bytes.replace('imok', 'ruok is not executed because it is not in the whitelist.\n'),
      }),
  },
  {
    id: 'zookeeper.broker',
    fault: 'the broker is registered with another address',
    says: 'kafka:29093',
    arrange: (stack) =>
      onTheWire(stack, 'zookeeper', { toClient: (bytes) => bytes.replace('kafka:29092', 'kafka:29093') }),
  },
  {
    id: 'zookeeper.broker',
    fault: 'no broker is registered',
    says: /NO_NODE/,
    arrange: (stack) =>
      onTheWire(stack, 'zookeeper', { toServer: (bytes) => bytes.replace('/brokers/ids', '/brokers/idz') }),
  },
];

import { withRedis } from '../clients/databases.ts';
import { containersOf, docker, serviceOf } from '../docker.ts';
import { type HeldStack, output } from '../held-stack.ts';
import { type CoreTwin, until } from './core-twin.ts';

/** What the default user may do for a while; after a restart it may do everything again. */
const rules = (id: string, fault: string, says: string, ...words: readonly string[]): CoreTwin => ({
  id: `redis.${id}`,
  fault,
  says,
  arrange: async (stack) => {
    const url = output(stack, 'redis-url');
    await withRedis(url, (redis) => redis.call('ACL', 'SETUSER', 'default', ...words));
    return until(() =>
      withRedis(url, (redis) => redis.call('ACL', 'SETUSER', 'default', 'allkeys', 'allcommands')),
    );
  },
});

async function inRedis(stack: HeldStack, ...argv: readonly string[]): Promise<void> {
  const containers = await containersOf(output(stack, 'project-name'));
  const { Id = '' } = containers.find((each) => serviceOf(each) === 'redis') ?? {};
  await docker('exec', Id, ...argv);
}

export const redisTwins: readonly CoreTwin[] = [
  rules(
    'set-get',
    'its keys are nobody’s',
    'NOPERM',
    ...['resetkeys', '~smoke:expiry:*', '~smoke:stream:*', '~smoke:aof:*'],
  ),
  rules('expiry', 'no key may expire', 'NOPERM', '-pexpire'),
  rules('stream', 'streams are forbidden', 'NOPERM', '-@stream'),
  {
    id: 'redis.aof',
    fault: 'the append-only file is off',
    says: '"aof_enabled":"0"',
    arrange: async (stack) => {
      await withRedis(output(stack, 'redis-url'), (redis) => redis.config('SET', 'appendonly', 'no'));
      return until(() =>
        withRedis(output(stack, 'redis-url'), (redis) => redis.config('SET', 'appendonly', 'yes')),
      );
    },
  },
  {
    id: 'redis.aof',
    fault: 'the append-only file is lost',
    says: /^null$/,
    arrange: async (stack) => {
      await inRedis(stack, 'rm', '-rf', '/data/appendonlydir');
      return until(async () => undefined);
    },
  },
];

import { withRedis } from '../clients/redis.ts';
import { answered, ask, askUntil, expectAnswer } from '../core/asking.ts';
import { type Check, endpointOf, type Stack } from '../core/check.ts';

const common = { system: 'redis', needs: ['redis'], deadline: 15_000 };

/** What a round trip leaves is gone after this time, whatever comes of it. Seconds. */
const kept = 300;

export const redisChecks: readonly Check[] = [
  {
    ...common,
    id: 'redis.set-get',
    promise: 'A value that is set is what is got.',
    run: async (stack, signal) => {
      const key = `smoke:set-get:${stack.id}`;
      const request = `SET ${key} placed EX ${kept}, GET ${key}`;
      const got = await onRedis(stack, request, signal, async (redis) => {
        await redis.set(key, 'placed', 'EX', kept);
        return redis.get(key);
      });
      expectAnswer(got === 'placed', request, got);
    },
  },
  {
    ...common,
    id: 'redis.expiry',
    promise: 'A value with a time to live is there before its end, and gone after it.',
    run: async (stack, signal) => {
      const key = `smoke:expiry:${stack.id}`;
      const begin = `SET ${key} placed PX 60000, PEXPIRE ${key} 500, PTTL ${key}`;
      const left = await onRedis(stack, begin, signal, async (redis) => {
        await redis.set(key, 'placed', 'PX', 60_000);
        const before = await redis.get(key);
        await redis.pexpire(key, 500);
        return { before, left: await redis.pttl(key) };
      });
      expectAnswer(left.before === 'placed' && left.left > 0 && left.left <= 500, begin, left);
      const { url } = endpointOf(stack, 'redis', 'redis');
      const get = `GET ${key}, which was to live for 500 ms`;
      const ask = () => withRedis(url, (redis) => redis.get(key));
      await askUntil(get, signal, ask, (value) => value === null);
    },
  },
  {
    ...common,
    id: 'redis.stream',
    promise:
      'A consumer group reads the entries of a stream in their order, and what it acknowledges is done.',
    run: async (stack, signal) => {
      const key = `smoke:stream:${stack.id}`;
      const request = `XADD ${key} two entries, XREADGROUP GROUP packing, XACK, XPENDING`;
      const seen = await onRedis(stack, request, signal, async (redis) => {
        await redis.xgroup('CREATE', key, 'packing', '0', 'MKSTREAM');
        await redis.expire(key, kept);
        const ids = [await redis.xadd(key, '*', 'order', '1'), await redis.xadd(key, '*', 'order', '2')];
        const read = await redis.xreadgroup('GROUP', 'packing', 'smoke', 'COUNT', 2, 'STREAMS', key, '>');
        const acknowledged = await redis.xack(key, 'packing', ...ids.map(String));
        const [pending] = await redis.xpending(key, 'packing');
        return { ids, read, acknowledged, pending };
      });
      const { ids, read, acknowledged, pending } = seen;
      const wanted = [[key, ids.map((id, at) => [id, ['order', String(at + 1)]])]];
      const done = acknowledged === 2 && pending === 0;
      expectAnswer(JSON.stringify(read) === JSON.stringify(wanted) && done, request, seen);
    },
  },
  {
    ...common,
    id: 'redis.aof',
    promise: 'Every write is in the append-only file, so it survives a restart.',
    deadline: 45_000,
    disturbs: ['redis'],
    run: survivesRestart,
  },
];

type Client = Parameters<Parameters<typeof withRedis>[1]>[0];

function onRedis<T>(
  stack: Stack,
  request: string,
  signal: AbortSignal,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  const { url } = endpointOf(stack, 'redis', 'redis');
  return ask(`${request} at ${url}`, signal, () => withRedis(url, body));
}

async function survivesRestart(stack: Stack, signal: AbortSignal): Promise<void> {
  const key = `smoke:aof:${stack.id}`;
  const begin = `SET ${key} placed EX ${kept}, INFO persistence`;
  const before = await onRedis(stack, begin, signal, async (redis) => {
    await redis.set(key, 'placed', 'EX', kept);
    return redis.info('persistence');
  });
  // At its end Redis also writes a snapshot, so that the value alone would not prove the file.
  const state = Object.fromEntries(
    [...before.matchAll(/^(aof_(?:enabled|last_write_status)):(\w+)/gm)].map(pair),
  );
  expectAnswer(state['aof_enabled'] === '1' && state['aof_last_write_status'] === 'ok', begin, state);
  const restart = 'docker restart of redis';
  answered(restart, await ask(restart, signal, () => stack.containers.restart('redis', signal)));
  const { url } = endpointOf(stack, 'redis', 'redis');
  const get = `GET ${key} at ${url}, which was set to placed before a restart`;
  const after = await askUntil(
    get,
    signal,
    () => withRedis(url, (redis) => redis.get(key)),
    () => true,
  );
  expectAnswer(after === 'placed', get, after);
}

function pair([, name = '', value = '']: RegExpExecArray): [string, string] {
  return [name, value];
}

import { describe, expect, test } from 'vitest';
import { holdForTests } from './held-stack.ts';
import { coreChecks, runCoreTwin } from './twins/core-twin.ts';
import { kafkaTwins, withRules } from './twins/kafka.ts';
import { mongodbTwins } from './twins/mongodb.ts';
import { redisTwins } from './twins/redis.ts';
import { zookeeperTwins } from './twins/zookeeper.ts';

const twins = [...zookeeperTwins, ...kafkaTwins, ...redisTwins, ...mongodbTwins];
/** Of what the stack here is not set up for. */
const optional = coreChecks.flatMap(({ id, option }) => (option?.isOn({}) === false ? [id] : []));

test('every check has a twin', () => {
  const wanted = coreChecks.map(({ id }) => id).filter((id) => !optional.includes(id));
  expect([...new Set(twins.map(({ id }) => id))].sort()).toEqual(wanted.sort());
});

describe('a broken promise', { timeout: 120_000 }, () => {
  const stack = holdForTests(
    { services: 'core', 'compose-files': 'rules.yaml' },
    { 'rules.yaml': withRules },
  );

  for (const twin of twins) {
    const { id, fault, says, impossible } = twin;
    const why = impossible === undefined ? '' : ` (skipped: ${impossible})`;
    test.skipIf(impossible !== undefined)(`is reported as ${id} and no other: ${fault}${why}`, async () => {
      const failed = (await runCoreTwin(twin, stack())).filter(({ outcome }) => outcome === 'failed');
      expect(failed.map((result) => result.id)).toEqual([id]);
      expect(failed[0]?.request).not.toBe('');
      expect(failed[0]?.answer).toMatch(says);
    });
  }

  test('is mended afterwards', async () => {
    for (const id of ['kafka.none', 'redis.none', 'mongodb.none', 'zookeeper.none']) {
      const fine = {
        id,
        fault: 'none',
        says: '',
        arrange: async () => ({ [Symbol.asyncDispose]: async () => {} }),
      };
      const results = await runCoreTwin(fine, stack());
      expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    }
  });
});

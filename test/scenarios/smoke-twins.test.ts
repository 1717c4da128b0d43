import { beforeAll, describe, expect, test } from 'vitest';
import { togetherChecks } from '../../smoke/checks/together.ts';
import type { CheckResult } from '../../smoke/core/report.ts';
import { whyNot } from '../images/standins.ts';
import { stackImage } from './callers-files.ts';
import { withMongo } from './clients/databases.ts';
import { containersOf, docker, serviceOf } from './docker.ts';
import { type HeldStack, holdForTests, output, servicesOf } from './held-stack.ts';
import { grafanaTwins } from './twins/grafana.ts';
import { lokiTwins, prometheusTwins, tempoTwins } from './twins/observability.ts';
import { pinotTwins } from './twins/pinot.ts';
import { type Ground, groundOf, httpChecks, run, runTwins, type Twin } from './twins/twin.ts';

const minutes = 60_000;
const timeout = 3 * minutes;
const twins = {
  prometheus: prometheusTwins,
  loki: lokiTwins,
  tempo: tempoTwins,
  grafana: grafanaTwins,
  pinot: pinotTwins,
};
const noHealth = whyNot(stackImage('grafana'), 'grafana.loki-health');

/** Why a twin cannot be told from the real thing on the images that are here. */
function impossible({ id }: Twin): string {
  return noHealth !== undefined && /^grafana\.(loki|tempo)-health$/.test(id) ? ` (skipped: ${noHealth})` : '';
}

function expectOnly(id: string, says: string | RegExp, results: readonly CheckResult[]): void {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map((result) => result.id)).toEqual([id]);
  expect(failed[0]?.request).not.toBe('');
  expect(failed[0]?.answer).toMatch(says);
}

test('every check has a twin', () => {
  const wanted = httpChecks.map(({ id }) => id);
  const have = Object.values(twins).flatMap((list) => list.map(({ id }) => id));
  expect(wanted.filter((id) => !have.includes(id))).toEqual([]);
  expect(have.filter((id) => !wanted.includes(id))).toEqual([]);
});

const stack = holdForTests({});

let known: Ground | undefined;
function ground(): Ground {
  known ??= groundOf(servicesOf(stack()));
  return known;
}

describe.each(Object.entries(twins))('a broken promise of %s', { timeout }, (_, list) => {
  let results: ReadonlyMap<Twin, readonly CheckResult[]> = new Map();
  beforeAll(async () => {
    const possible = list.filter((twin) => impossible(twin) === '');
    results = await runTwins(possible, ground());
  }, timeout);

  for (const twin of list) {
    const why = impossible(twin);
    test.skipIf(why !== '')(`is reported as ${twin.id} and no other: ${twin.fault}${why}`, () => {
      expectOnly(twin.id, twin.says, results.get(twin) ?? []);
    });
  }
});

describe('systems that stopped or refuse', { timeout }, () => {
  test('MongoDB’s validator refuses the order: together.order, while every system works by itself', async () => {
    await withMongo(output(stack(), 'mongodb-uri'), async (client) => {
      await client.db().createCollection('smoke_orders', { validator: { approved: { $exists: true } } });
    });
    const asked = [...togetherChecks, ...httpChecks.filter(({ system }) => system !== 'tempo')];
    const results = await run(asked, ground(), 'none');
    expectOnly('together.order', /failed validation/i, results);
  });

  test('a Pinot server that stopped: pinot.hybrid-table', async () => {
    await docker('stop', await containerOf(stack(), 'pinot-server'));
    const asked = httpChecks.filter(({ system }) => system !== 'tempo');
    const results = await run(asked, ground(), 'pinot.hybrid-table');
    expectOnly('pinot.hybrid-table', /neither half answers yet|the broker could not answer/, results);
    await docker('start', await containerOf(stack(), 'pinot-server'));
  });
});

async function containerOf(held: HeldStack, service: string): Promise<string> {
  const found = (await containersOf(output(held, 'project-name'))).find(
    (each) => serviceOf(each) === service,
  );
  if (found === undefined) throw new Error(`There is no container of ${service}.`);
  return found.Id;
}

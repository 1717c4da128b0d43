import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunRecord, SystemRecord } from '../../src/core/record.ts';
import { criticalChain } from '../../src/core/summary/critical-chain.ts';
import { success } from './summary-samples.ts';

type Part = Partial<SystemRecord> & { readonly service: string };

function run(parts: readonly Part[], rest: Partial<RunRecord> = {}): RunRecord {
  const systems = parts.map((part) => ({
    title: part.service,
    image: 'acme/any:1',
    source: 'local' as const,
    after: [],
    stage: 'works' as const,
    urls: [],
    probes: [],
    ...part,
  }));
  return { project: 'p', began: 0, took: 1000, outcome: 'success', systems, warnings: [], ...rest };
}

const failed = (system: string) => ({ code: 'NOT_READY', system, what: '', why: '', advice: '' });
const told = (record: RunRecord) =>
  criticalChain(record).map(
    ({ service, from, to, pulling, waiting, starting }) =>
      `${service} ${from}-${to}: pulling ${pulling}, waiting ${waiting}, starting ${starting}`,
  );

describe('the chain that bounded a run', () => {
  test('ends with the system that worked last and begins with what needed no other', () => {
    const base = { service: 'base', startedAt: 50, worksAt: 300 };
    const queue = { service: 'queue', after: ['base', 'quick'], startedAt: 320, worksAt: 900 };
    const quick = { service: 'quick', startedAt: 50, worksAt: 60 };
    expect(told(run([queue, base, quick]))).toEqual([
      'base 0-300: pulling 0, waiting 50, starting 250',
      'queue 300-900: pulling 0, waiting 20, starting 580',
    ]);
  });

  test('begins with a pull that ended after everything else that was waited for', () => {
    const base = { service: 'base', startedAt: 50, worksAt: 300 };
    const pull = { source: 'pulled', pullStartedAt: 100, pulledAt: 500 } as const;
    const queue = { service: 'queue', after: ['base'], ...pull, startedAt: 520, worksAt: 900 };
    expect(told(run([base, queue]))).toEqual(['queue 0-900: pulling 400, waiting 120, starting 380']);
  });

  test('goes through the start of a system that worked only later', () => {
    const store = { service: 'store', startedAt: 400, worksAt: 800 };
    const app = { service: 'app', after: ['store'], startedAt: 410, worksAt: 900 };
    expect(told(run([store, app]))).toEqual([
      'store 0-400: pulling 0, waiting 400, starting 0',
      'app 400-900: pulling 0, waiting 10, starting 490',
    ]);
  });

  test('ends with the system that failed, at the end of the run', () => {
    const base = { service: 'base', startedAt: 50, worksAt: 300 };
    const queue = { service: 'queue', after: ['base'], stage: 'failed', startedAt: 320 } as const;
    const later = { service: 'later', startedAt: 50, worksAt: 900 };
    const record = run([base, queue, later], { outcome: 'failure', failure: failed('queue') });
    expect(told(record)).toEqual([
      'base 0-300: pulling 0, waiting 50, starting 250',
      'queue 300-1000: pulling 0, waiting 20, starting 680',
    ]);
  });

  test('goes through the one that a system was still waiting for', () => {
    const base = { service: 'base', stage: 'starting', startedAt: 50 } as const;
    const queue = { service: 'queue', after: ['base'], stage: 'waiting' } as const;
    expect(told(run([base, queue], { outcome: 'failure', failure: failed('queue') }))).toEqual([
      'base 0-1000: pulling 0, waiting 50, starting 950',
      'queue 1000-1000: pulling 0, waiting 0, starting 0',
    ]);
  });

  test('of the whole stack', () => {
    expect(told(success)).toEqual([
      'pinot-controller 0-24600: pulling 17000, waiting 1300, starting 6300',
      'pinot-server 24600-30200: pulling 0, waiting 200, starting 5400',
    ]);
  });

  test.each<[string, RunRecord]>([
    ['nothing worked', run([])],
    ['no system is at fault', run([{ service: 'a', worksAt: 1 }], { outcome: 'failure' })],
    ['it was cancelled', run([{ service: 'a', worksAt: 1 }], { outcome: 'cancelled' })],
  ])('is empty where %s', (_, record) => {
    expect(criticalChain(record)).toEqual([]);
  });
});

const moment = fc.option(fc.nat(1000), { nil: undefined });
const part = fc.record({
  service: fc.constantFrom('a', 'b', 'c', 'd'),
  source: fc.constantFrom('local', 'pulled', 'built'),
  after: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'gone')),
  moments: fc.tuple(moment, moment, moment, moment),
});

test('a chain is without gaps and holds all of its time, whatever the record says', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(part, { selector: ({ service }) => service }),
      fc.boolean(),
      (parts, fails) => {
        const systems = parts.map(({ moments: [pullStartedAt, pulledAt, startedAt, worksAt], ...rest }) => {
          const moments = { pullStartedAt, pulledAt, startedAt, worksAt };
          const known = Object.entries(moments).filter(([, at]) => at !== undefined);
          return { ...rest, ...Object.fromEntries(known) };
        });
        const outcome = fails ? { outcome: 'failure' as const, failure: failed('a') } : {};
        const chain = criticalChain(run(systems, outcome));
        expect(new Set(chain.map(({ service }) => service)).size).toBe(chain.length);
        for (const [index, { from, to, pulling, waiting, starting }] of chain.entries()) {
          expect(from).toBe(chain[index - 1]?.to ?? 0);
          expect(pulling + waiting + starting).toBe(to - from);
          expect(Math.min(pulling, waiting, starting)).toBeGreaterThanOrEqual(0);
        }
      },
    ),
  );
});

import { expect, test } from 'vitest';
import { containerFacts } from '../../src/core/evidence/container.ts';
import { summaryOf } from '../../src/core/evidence/report.ts';
import { inspected } from '../fakes/inspected.ts';

test('the caller is told in short of each container', () => {
  expect(summaryOf(containerFacts(inspected()))).toEqual({
    service: 'ledger',
    name: 'p-ledger-1',
    status: 'exited',
    exitCode: 137,
    oomKilled: true,
    restarts: 2,
    health: 'unhealthy',
  });
});

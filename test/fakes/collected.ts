import type { RunRecord } from '../../src/core/record.ts';
import { collectEvidence } from '../../src/evidence/collect.ts';
import type { EvidenceRequest } from '../../src/evidence/collection.ts';
import { type Evidenced, evidenceWorld, stampAt, wanted } from './evidence.ts';

const records = [['stdout', `${stampAt(1)} password is hunter2=x\n`]] as const;
const system: RunRecord['systems'][number] = {
  service: 'ledger',
  title: 'Ledger',
  image: 'ledger:1.2',
  source: 'local',
  after: [],
  stage: 'starting',
  urls: [],
  probes: [{ at: 1000, answer: 'HTTP 401 for hunter2=x' }],
};
export const record: RunRecord = {
  project: 'p',
  began: 1_795_576_700_000,
  took: 1,
  outcome: 'failure',
  systems: [system],
  warnings: [],
};
const model = {
  services: {
    ledger: { image: 'ledger:1.2', environment: { DB_PASSWORD: 'hunter2=x', PLAIN: 'plain text' } },
  },
};

/** The evidence of a failed run of one container, in memory. */
export async function collect(
  scene: Evidenced = {},
  changes: Partial<EvidenceRequest> = {},
  redactorOf?: Parameters<typeof collectEvidence>[2],
) {
  const made = evidenceWorld({ logs: { c0ffee: records }, ...scene });
  const evidence = await collectEvidence(wanted({ record, model, ...changes }), made.world, redactorOf);
  const names = evidence.files.map((file) => file.replace('/evidence/', '')).sort();
  const report = () => JSON.parse(made.text('report.json'));
  return { ...made, evidence, names, report };
}

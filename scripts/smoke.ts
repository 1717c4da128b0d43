// The nightly on this machine: everything up through the built action, every promise proven by the built smoke, everything down.
// `node scripts/smoke.ts [checks]`
import { join } from 'node:path';
import { runJob, stepOf, use } from '../test/runner/job.ts';

const checks = process.argv.slice(2).join(',') || 'all';
const began = performance.now();
const job = await runJob({
  steps: [
    use({ id: 'infra', action: process.cwd(), with: { logs: 'never' } }),
    use({ id: 'smoke', action: join(process.cwd(), 'smoke'), with: { checks } }),
  ],
  onLine: ({ text }) => console.log(text),
});
const { outputs } = stepOf(job, 'smoke');
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `The job ended with ${job.conclusion} after ${seconds} s: ${outputs['passed']} promises hold, ${outputs['failed']} are broken, ${outputs['skipped']} were skipped.`,
);
process.exitCode = job.conclusion === 'success' ? 0 : 1;

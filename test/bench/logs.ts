// Time and memory of keeping the log of a container that wrote a gigabyte: `node test/bench/logs.ts [rounds]`.
// The job fails in a step of its own, so post keeps the evidence, takes the stack down and uploads.

import { median } from '../../src/core/median.ts';
import { run, runJob, stepOf, use } from '../runner/job.ts';
import { resultsService } from '../runner/results-service.ts';
import { image, repository } from '../scenarios/caller-stack.ts';

const rounds = Number(process.argv[2] ?? 3);
/** Lines of about 250 bytes, as a service under load writes them. */
const line = `{"level":"info","msg":"${'order packed, '.repeat(15)}"}`;
const flood = `yes '${line}' | head -c 1000000000; touch /tmp/done; exec sleep 600`;
const ledger = {
  image,
  init: true,
  command: ['sh', '-c', flood],
  healthcheck: { test: ['CMD-SHELL', 'test -e /tmp/done'], interval: '1s', retries: 1000 },
};

interface Round {
  readonly seconds: number;
  readonly mebibytes: number;
  readonly artifact: number;
}

async function once(): Promise<Round> {
  await using results = await resultsService();
  const job = await runJob({
    files: { 'caller.yaml': JSON.stringify({ services: { ledger } }) },
    actionEnv: results.env,
    steps: [
      use({
        id: 'stack',
        action: repository,
        with: { services: 'none', 'compose-files': 'caller.yaml', timeout: '10m' },
      }),
      run('tests', ['sh', '-c', 'exit 3']),
    ],
  });
  const post = stepOf(job, 'stack', 'post');
  const [artifact] = results.artifacts;
  if (artifact === undefined || post.usage === undefined) throw new Error(`Nothing was kept:\n${job.text}`);
  const log = artifact.files.get('ledger/log.txt')?.length ?? 0;
  return {
    seconds: post.seconds,
    mebibytes: post.usage.maxRssBytes / 1024 ** 2,
    artifact: log / 1024 ** 2,
  };
}

const figures: Round[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const figure = await once();
  figures.push(figure);
  console.log(
    `round ${round}: post took ${figure.seconds.toFixed(1)} s and ${figure.mebibytes.toFixed(0)} MiB; the log in the artifact has ${figure.artifact.toFixed(1)} MiB`,
  );
}
console.log(`post/seconds ${median(figures.map(({ seconds }) => seconds)).toFixed(1)}`);
console.log(`post/MiB ${median(figures.map(({ mebibytes }) => mebibytes)).toFixed(0)}`);

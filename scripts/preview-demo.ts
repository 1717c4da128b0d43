// Previews of pull requests on this machine, through the built action: on this engine, then on a Swarm of three nodes of which one is
// lost. A server that plays GitHub has the comments and deployments. `node scripts/preview-demo.ts`
import { type GitHubServer, githubServer } from '../test/runner/github-server.ts';
import type { JobResult } from '../test/runner/job.ts';
import { leaksOf } from '../test/runner/leaks.ts';
import { image, shop, visit } from '../test/runner/preview-app.ts';
import { type Happening, happen, heads, outputOf, statesOf } from '../test/runner/preview-events.ts';
import { swarmCluster, whyNoCluster } from '../test/runner/swarm-cluster.ts';

const began = performance.now();
const say = (text: string) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const step = (title: string) => say(`== ${title}`);

function expect(holds: boolean, what: string): void {
  say(`${holds ? '✔' : '✘'} ${what}`);
  if (!holds) process.exitCode = 1;
}

/** A job, with the lines of its log that tell how far it is. */
async function job(github: GitHubServer, title: string, happening: Happening): Promise<JobResult> {
  const telling =
    /^(Building|Pushing|Bringing|Deploying|Project|Stack|preview-|\d+ previews|The pull request|\w+: http)/;
  const onLine: Happening['onLine'] = (line) => {
    happening.onLine?.(line);
    if (telling.test(line.text)) say(`  ${title}: ${line.text}`);
  };
  const result = await happen(github, { ...happening, onLine });
  if (result.conclusion !== 'success') console.log(result.text);
  expect(result.conclusion === 'success', `${title}: the job ended with ${result.conclusion}`);
  return result;
}

/** Gives the URLs of both. */
async function openTwo(github: GitHubServer): Promise<readonly [string, string]> {
  step('Two pull requests are opened at once');
  for (const number of [7, 8]) github.open({ number, head: heads[0] });
  const [seven, eight] = await Promise.all([
    job(github, '#7', { number: 7, action: 'opened', files: shop('seven') }),
    job(github, '#8', { number: 8, action: 'opened', files: shop('eight'), with: { ttl: '1s' } }),
  ]);
  const url = outputOf(seven, 'url');
  expect((await visit(url)) === 'seven costs $5 seven', `#7 answers at ${url}`);
  expect(
    (await visit(outputOf(eight, 'url'))).startsWith('eight'),
    `#8 answers at ${outputOf(eight, 'url')}`,
  );
  return [url, outputOf(eight, 'url')];
}

async function onThisEngine(github: GitHubServer): Promise<void> {
  const [url, short] = await openTwo(github);
  step('#7 is pushed to');
  github.open({ number: 7, head: heads[1] });
  const pushed = await job(github, '#7', { number: 7, action: 'synchronize', files: shop('seven, again') });
  expect(outputOf(pushed, 'url') === url, 'the address is the same');
  expect(
    (await visit(url)) === 'seven, again costs $5 seven',
    'the new image answers, and Redis has kept its data',
  );
  expect(github.comments.get(7)?.length === 1, 'there is one comment still');

  step('#9 is closed while its preview comes up');
  github.open({ number: 9, head: heads[0] });
  const close: Happening['onLine'] = ({ text }) => text.startsWith('Bringing') && github.close(9);
  const nine = await job(github, '#9', { number: 9, action: 'opened', files: shop('nine'), onLine: close });
  expect(outputOf(nine, 'state') === 'closed', 'it was taken down again');

  step('The time of #8 is over, and the schedule comes');
  await job(github, 'schedule', { action: '', event: 'schedule' });
  const gone = await visit(short, 0).then(
    () => false,
    () => true,
  );
  expect(gone, '#8 is gone');
  expect((await visit(url)).startsWith('seven'), '#7 still answers');

  step('#7 is closed');
  github.close(7);
  await job(github, '#7', { number: 7, action: 'closed' });
  expect(statesOf(github).at(-1) === 'inactive', 'its deployment is inactive');
}

async function onSwarm(github: GitHubServer): Promise<void> {
  const why = await whyNoCluster();
  if (why !== '') return say(`No Swarm here: ${why}.`);
  step('A Swarm of three nodes on this machine');
  await using cluster = await swarmCluster(2);
  const { manager, workers, registry } = cluster;
  const where = { place: 'swarm', 'swarm-routing': 'host', 'docker-host': manager.tcp, registry };
  const inputs = { ...where, images: `redis: ${await cluster.provide(image)}` };
  github.open({ number: 12, head: heads[0] });
  const opened = await job(github, '#12', {
    number: 12,
    action: 'opened',
    files: shop('twelve'),
    with: inputs,
  });
  const url = outputOf(opened, 'url');
  expect((await visit(url)).startsWith('twelve'), `#12 answers at ${url}`);

  step('The node that it runs on is lost');
  const { hostname } = new URL(url);
  const other = workers.find(({ address }) => address !== hostname)?.address ?? '';
  await workers.find(({ address }) => address === hostname)?.lose();
  const elsewhere = url.replace(hostname, other);
  expect((await visit(elsewhere, 90_000)).startsWith('twelve'), `it answers at ${elsewhere}`);

  step('#12 is closed');
  github.close(12);
  await job(github, '#12', { number: 12, action: 'closed', with: inputs });
  expect((await manager.docker('service', 'ls', '--quiet')) === '', 'no service is left');
}

const leaks = await leaksOf();
const github = await githubServer();
await onThisEngine(github);
await onSwarm(github);
await github[Symbol.asyncDispose]();
step('What is left');
const left = await leaks();
expect(left.length === 0, left.length === 0 ? 'nothing' : left.join(', '));
process.exit();

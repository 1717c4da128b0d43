import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type GitHubServer, githubServer } from '../runner/github-server.ts';
import { leaksOf } from '../runner/leaks.ts';
import { image, shop, visit } from '../runner/preview-app.ts';
import { happen, heads, outputOf } from '../runner/preview-events.ts';
import { type SwarmCluster, swarmCluster, whyNoCluster } from '../runner/swarm-cluster.ts';

const minute = 60_000;
const why = await whyNoCluster();

/** What every job is told besides. */
type Inputs = Readonly<Record<string, string>>;

describe(`previews on other machines${why === '' ? '' : ` (not here: ${why})`}`, {
  timeout: 3 * minute,
  skip: why !== '',
}, () => {
  let cluster: SwarmCluster;
  let github: GitHubServer;
  let leaks: () => Promise<string[]>;
  let redis = '';
  beforeAll(async () => {
    leaks = await leaksOf();
    cluster = await swarmCluster(2);
    github = await githubServer();
    redis = `redis: ${await cluster.provide(image)}`;
  });
  afterAll(async () => {
    await github[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
    expect(await leaks()).toEqual([]);
  });

  test('on an engine that is reached by the network, with files of the checkout, and nothing left', async () => {
    const { manager } = cluster;
    github.open({ number: 8, head: heads[0] });
    const inputs: Inputs = { 'docker-host': manager.tcp, images: redis };
    const opened = await happen(github, { number: 8, action: 'opened', files: shop('remote'), with: inputs });
    expect(outputOf(opened, 'url'), opened.text).toMatch(new RegExp(`^http://${manager.address}:2\\d{4}/$`));
    expect(await visit(outputOf(opened, 'url'))).toBe('remote costs $5 remote');
    github.close(8);
    const closed = await happen(github, { number: 8, action: 'closed', with: inputs });
    expect(closed.conclusion, closed.text).toBe('success');
    expect(await manager.docker('ps', '--all', '--quiet')).toBe('');
    expect(await manager.docker('volume', 'ls', '--quiet')).toBe('');
  });

  test('on a Swarm: brought up, updated, moved when a node is lost, taken down whole', async () => {
    const { manager, workers, registry } = cluster;
    const stack = 'preview-shop-pr-7';
    const where = { place: 'swarm', 'swarm-routing': 'host', 'docker-host': manager.tcp };
    const inputs: Inputs = { ...where, registry, images: redis };
    github.open({ number: 7, head: heads[0] });
    const opened = await happen(github, { action: 'opened', files: shop('first'), with: inputs });
    expect(opened.conclusion, opened.text).toBe('success');
    expect(await visit(outputOf(opened, 'url'))).toBe('first costs $5 first');
    const tasks = () => manager.docker('service', 'ps', '--quiet', `${stack}_redis`);
    const before = await tasks();

    github.open({ number: 7, head: heads[1] });
    const pushed = await happen(github, { action: 'synchronize', files: shop('second'), with: inputs });
    const url = outputOf(pushed, 'url');
    expect(await visit(url), pushed.text).toBe('second costs $5 first');
    expect(await tasks()).toBe(before);

    const { hostname } = new URL(url);
    const lost = workers.find(({ address }) => address === hostname);
    const other = workers.find(({ address }) => address !== hostname);
    await lost?.lose();
    expect(await visit(url.replace(hostname, other?.address ?? ''), minute)).toContain('second costs $5');

    github.close(7);
    const closed = await happen(github, { action: 'closed', with: inputs });
    expect(closed.conclusion, closed.text).toBe('success');
    for (const kind of ['service', 'config']) expect(await manager.docker(kind, 'ls', '--quiet')).toBe('');
    expect(await manager.docker('network', 'ls', '--quiet', '--filter', `name=${stack}`)).toBe('');
    // The agent of a node removes containers, and volumes with them, a moment after their tasks are gone.
    const left = async () => [
      await other?.docker('container', 'ls', '--all', '--format', '{{.Names}} {{.Status}}'),
      await other?.docker('volume', 'ls', '--quiet'),
    ];
    await vi.waitFor(async () => expect(await left()).toEqual(['', '']), { timeout: 30_000, interval: 500 });
  });
});

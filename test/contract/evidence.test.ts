import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectReport } from '../fakes/report-schema.ts';
import { checked, image, poll, script } from '../scenarios/caller-stack.ts';
import { type Collected, evidenceOf, run, secret, untilExited } from './collected.ts';
import { docker, type Project, succeed } from './project.ts';

const services = {
  ledger: checked('sleep 600', 'echo looked', {
    mem_limit: '64m',
    environment: { DB_PASSWORD: secret, PLAIN: 'plain-value' },
  }),
  greedy: script('tail /dev/zero', { mem_limit: '32m', memswap_limit: '32m' }),
  loop: script('exit 3', { restart: 'always' }),
  server: {
    image,
    command: ['redis-server', '--requirepass', 'open-sesame-9'],
    ports: ['6379'],
    volumes: ['/scratch'],
  },
};

describe('of containers', { timeout: 60_000 }, () => {
  let project: Project;
  let found: Collected;

  beforeAll(async () => {
    const started = await run(services);
    project = started.project;
    const { ids } = started;
    await untilExited(project, ids, ['greedy']);
    await poll(async () => {
      const lines = succeed(await docker.inspect([ids.get('ledger') ?? '', ids.get('loop') ?? '']));
      const [ledger, loop] = lines.map((line) => JSON.parse(line));
      return (ledger.health === 'healthy' && loop.restarts >= 2) || undefined;
    }, 'health and restarts');
    found = await evidenceOf(project.name);
  });

  afterAll(() => project[Symbol.asyncDispose]());

  test('it is told how they ended and how often they began', () => {
    const [greedy, ledger, loop] = found.evidence.containers;
    expect(greedy).toMatchObject({ service: 'greedy', status: 'exited', exitCode: 137, oomKilled: true });
    expect(ledger).toMatchObject({ service: 'ledger', status: 'running', health: 'healthy', restarts: 0 });
    expect(loop?.restarts).toBeGreaterThanOrEqual(2);
    expect(found.evidence.warnings).toEqual([]);
    expectReport(found.json('report.json'));
  });

  test('the state is an allow-list: names of the environment, and no values', () => {
    const facts = found.json('ledger/container.json');
    expect(facts).toMatchObject({
      image,
      limits: { memoryBytes: 64 * 1024 ** 2 },
      labels: { 'com.docker.compose.project': project.name },
    });
    expect(facts.environment).toEqual(expect.arrayContaining(['DB_PASSWORD', 'PLAIN']));
    expect(facts.networks[0].addresses[0]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    const server = found.json('server/container.json');
    expect(server.command).toEqual(['redis-server', '--requirepass', '***']);
    expect(server.ports[0]).toMatchObject({ container: '6379/tcp', host: expect.stringMatching(/:\d+$/) });
    const scratch = expect.objectContaining({ type: 'volume', destination: '/scratch' });
    expect(server.mounts).toEqual(expect.arrayContaining([scratch]));
    for (const [path, content] of found.texts)
      for (const hidden of [secret, 'plain-value', 'open-sesame-9'])
        expect([path, content.includes(hidden)]).toEqual([path, false]);
  });

  test('the last health checks have their output', () => {
    const { health } = found.json('ledger/container.json');
    expect(health.checks[0]).toMatchObject({ exitCode: 0, output: 'looked\n' });
  });

  test('peaks are known of those that run', () => {
    const { resources } = found.json('ledger/container.json');
    expect(resources).toMatchObject({ source: 'cgroup', oomKills: 0 });
    expect(resources.memoryPeakBytes).toBeGreaterThan(0);
    expect(resources.cpuSeconds).toBeGreaterThan(0);
    expect(found.json('greedy/container.json').resources).toEqual({
      source: expect.stringMatching(/does not run/),
    });
  });

  test('events are there to the last, without those of health checks', () => {
    const events = found.text('events.txt');
    expect(events).toMatch(/-greedy-1 +oom$/m);
    expect(events).toMatch(/-greedy-1 +die, exit code 137$/m);
    expect(events).toMatch(/-ledger-1 +health_status: healthy$/m);
    expect(events).not.toContain('exec_');
  });
});

test('several containers of one service are told apart', { timeout: 60_000 }, async () => {
  const { project } = await run({ worker: script('echo "I am $HOSTNAME"; exec sleep 600', { scale: 2 }) });
  await using _ = project;
  const names = [...(await evidenceOf(project.name)).texts.keys()].filter((name) => /^worker\//.test(name));
  const each = ['container.json', 'log.txt'];
  expect(names.sort()).toEqual(
    ['1', '2'].flatMap((number) => each.map((name) => `worker/${number}/${name}`)),
  );
});

describe('the machine', { timeout: 60_000 }, () => {
  test('is told with its disks, memory, engine, and whoever listens', async () => {
    const { json, text } = await evidenceOf('no-such-project');
    const { host, engine } = json('report.json');
    expect(host.disks[0]).toMatchObject({ path: '/' });
    expect(host.memory.availableBytes).toBeGreaterThan(0);
    expect(host.cpus).toBe(engine.cpus);
    expect(engine.server).toMatch(/^\d+\.\d+/);
    expect(host.disks.map(({ path }: { path: string }) => path)).toContain(engine.rootFolder);
    expect(text('host.txt')).toMatch(/^Listening TCP ports:\n {2}\S+:\d+ {2}/m);
  });

  test('is told where no engine answers', async () => {
    const before = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'unix:///nonexistent';
    try {
      const { evidence, json, text } = await evidenceOf('any');
      expect(evidence.warnings.join('\n')).toMatch(/the containers could not be had: Docker does not answer/);
      expect(text('host.txt')).toContain('Docker Engine:\n  does not answer');
      expectReport(json('report.json'));
    } finally {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
    }
  });
});

import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { collectEvidence } from '../../src/evidence/collect.ts';
import type { EvidenceRequest } from '../../src/evidence/collection.ts';
import { realWorld } from '../../src/world.ts';
import { checked, image, poll, script } from '../scenarios/caller-stack.ts';
import { docker, newProject, type Project, succeed } from './project.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const secret = 'correct-horse-battery';

/** The evidence of a project as it stands now. */
async function evidenceOf(project: string, changes: Partial<EvidenceRequest> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  const nothing = { published: [], secrets: [], include: [], workspace: folder };
  const wanted = { project, folder, outcome: 'failure', budget: 60_000, ...nothing, ...changes } as const;
  const evidence = await collectEvidence(wanted, realWorld(''));
  const texts = new Map<string, string>();
  for (const file of evidence.files) texts.set(relative(folder, file), await readFile(file, 'utf8'));
  await rm(folder, { recursive: true });
  const text = (path: string) => texts.get(path) ?? '';
  return { evidence, texts, text, json: (path: string) => JSON.parse(text(path)) };
}

/** The lines of a log without their stamps, which must be in order. */
function spoken(log: string): readonly string[] {
  const lines = log.split('\n').slice(0, -1);
  const stamps = lines.map((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z(?= )/.exec(line)?.[0] ?? line);
  expect(stamps).toEqual([...stamps].sort());
  return lines.map((line, index) => line.slice((stamps[index] ?? '').length + 1));
}

async function untilExited(project: Project, ids: ReadonlyMap<string, string>, services: readonly string[]) {
  for (const service of services) {
    await poll(async () => {
      const [line = '{}'] = succeed(await docker.inspect([ids.get(service) ?? '']));
      return JSON.parse(line).status === 'exited' || undefined;
    }, `end of ${service} in ${project.name}`);
  }
}

async function run(services: Readonly<Record<string, object>>) {
  const project = await newProject();
  const ids = await project.start(await project.model({ services }), Object.keys(services));
  return { project, ids };
}

describe('the log of a container', { timeout: 60_000 }, () => {
  test('has both streams in their order, long lines in one piece, and whatever bytes were written', async () => {
    const flood = (bytes: number, letter: string) => `head -c ${bytes} /dev/zero | tr '\\0' ${letter}`;
    const environment = { environment: { DB_PASSWORD: secret } };
    const { project, ids } = await run({
      streams: script('for i in 1 2 3; do echo "out $i"; sleep 0.05; echo "err $i" >&2; sleep 0.05; done'),
      long: script(
        `${flood(16_375, 'x')}; printf %s "$DB_PASSWORD"; ${flood(24_000, 'y')}; echo`,
        environment,
      ),
      huge: script(`${flood(10_000_000, 'z')}; echo; echo after`),
      odd: script("printf 'NUL \\0 ANSI \\033[31m CR \\r bad \\377\\376 good \\303\\251\\nno line end'"),
      quiet: script('true'),
      mute: script('echo x', { logging: { driver: 'none' } }),
    });
    await using _ = project;
    await untilExited(project, ids, [...ids.keys()]);
    const { text, evidence } = await evidenceOf(project.name);
    expect(spoken(text('streams/log.txt'))).toEqual(['out 1', 'err 1', 'out 2', 'err 2', 'out 3', 'err 3']);
    expect(spoken(text('long/log.txt'))).toEqual([`${'x'.repeat(16_375)}***${'y'.repeat(24_000)}`]);
    expect(spoken(text('huge/log.txt')).map((line) => line.length)).toEqual([10_000_000, 5]);
    expect(spoken(text('odd/log.txt'))).toEqual([
      'NUL \0 ANSI \u001b[31m CR \r bad \ufffd\ufffd good é',
      'no line end',
    ]);
    expect(text('quiet/log.txt')).toContain('The container has written nothing');
    expect(text('mute/log.txt')).toMatch(/The log ends here: .*does not support reading/);
    expect(evidence.warnings).toEqual([]);
  });

  test('above its budget is its beginning and its end, with the cut named', async () => {
    const count =
      'i=0; while [ $i -lt 40000 ]; do echo "line $i of many that fill the log"; i=$((i+1)); done';
    const { project, ids } = await run({ chatty: script(`${count}; sleep 0.2; echo FATAL >&2`) });
    await using _ = project;
    await untilExited(project, ids, ['chatty']);
    const { text, json } = await evidenceOf(project.name, { limits: { log: 200_000 } });
    const lines = text('chatty/log.txt').split('\n').slice(0, -1);
    const cut = lines.findIndex((line) => line.startsWith('[infra-action] The log is cut here'));
    const numbers = (some: readonly string[]) => some.map((line) => Number(/ line (\d+) /.exec(line)?.[1]));
    const [head, tail] = [numbers(lines.slice(0, cut)), numbers(lines.slice(cut + 1, -1))];
    expect(head).toEqual(Array.from({ length: head.length }, (_, index) => index));
    expect(tail).toEqual(Array.from({ length: tail.length }, (_, index) => 40_000 - tail.length + index));
    expect(Math.min(head.length, tail.length)).toBeGreaterThan(1000);
    expect(lines.at(-1)).toMatch(/Z FATAL$/);
    expect(lines[cut]).toContain(`from ${lines[cut - 1]?.slice(0, 30)} to ${lines[cut + 1]?.slice(0, 30)}`);
    expect(text('chatty/log.txt').length).toBeLessThan(201_000);
    expect(json('report.json').systems[0].containers[0].log).toMatchObject({
      complete: false,
      note: lines[cut],
    });
  });
});

describe('what is known of containers', { timeout: 60_000 }, () => {
  test('is how they ended, how often they began, what their checks said and what they used', async () => {
    const { project, ids } = await run({
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
    });
    await using _ = project;
    await untilExited(project, ids, ['greedy']);
    const settled = async () => {
      const lines = succeed(await docker.inspect([ids.get('ledger') ?? '', ids.get('loop') ?? '']));
      const [ledger, loop] = lines.map((line) => JSON.parse(line));
      return (ledger.health === 'healthy' && loop.restarts >= 2) || undefined;
    };
    await poll(settled, 'health and restarts');
    const { evidence, json, text, texts } = await evidenceOf(project.name);
    expect(evidence.warnings).toEqual([]);
    const [greedy, ledger, loop] = evidence.containers;
    expect(greedy).toMatchObject({ service: 'greedy', status: 'exited', exitCode: 137, oomKilled: true });
    expect(ledger).toMatchObject({ service: 'ledger', status: 'running', health: 'healthy', restarts: 0 });
    expect(loop?.restarts).toBeGreaterThanOrEqual(2);

    const facts = json('ledger/container.json');
    expect(facts).toMatchObject({
      image,
      limits: { memoryBytes: 64 * 1024 ** 2 },
      labels: { 'com.docker.compose.project': project.name },
    });
    expect(facts.health.checks[0]).toMatchObject({ exitCode: 0, output: 'looked\n' });
    expect(facts.environment).toEqual(expect.arrayContaining(['DB_PASSWORD', 'PLAIN']));
    expect(facts.resources).toMatchObject({ source: 'cgroup', oomKills: 0 });
    expect(facts.resources.memoryPeakBytes).toBeGreaterThan(0);
    expect(facts.resources.cpuSeconds).toBeGreaterThan(0);
    expect(facts.networks[0].addresses[0]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(json('greedy/container.json').resources.source).toMatch(/does not run/);
    const server = json('server/container.json');
    expect(server.command).toEqual(['redis-server', '--requirepass', '***']);
    expect(server.ports[0]).toMatchObject({ container: '6379/tcp', host: expect.stringMatching(/:\d+$/) });
    expect(server.mounts).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'volume', destination: '/scratch' })]),
    );
    for (const [path, content] of texts)
      for (const hidden of [secret, 'plain-value', 'open-sesame-9'])
        expect([path, content.includes(hidden)]).toEqual([path, false]);

    const events = text('events.txt');
    expect(events).toMatch(/-greedy-1 +oom$/m);
    expect(events).toMatch(/-greedy-1 +die, exit code 137$/m);
    expect(events).toMatch(/-ledger-1 +health_status: healthy$/m);
    expect(events).not.toContain('exec_');
    expect(valid(json('report.json')), JSON.stringify(valid.errors)).toBe(true);
  });

  test('of several of one service is told apart', async () => {
    const { project } = await run({ worker: script('echo "I am $HOSTNAME"; exec sleep 600', { scale: 2 }) });
    await using _ = project;
    const names = [...(await evidenceOf(project.name)).texts.keys()].filter((name) =>
      name.startsWith('worker/'),
    );
    expect(names.sort()).toEqual([
      'worker/1/container.json',
      'worker/1/log.txt',
      'worker/2/container.json',
      'worker/2/log.txt',
    ]);
  });
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
      expect(valid(json('report.json')), JSON.stringify(valid.errors)).toBe(true);
    } finally {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
    }
  });
});

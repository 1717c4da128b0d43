import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { collect, record } from '../fakes/collected.ts';
import { fine } from '../fakes/command.ts';
import { stampAt } from '../fakes/evidence.ts';
import { inspected } from '../fakes/inspected.ts';
import { expectReport } from '../fakes/report-schema.ts';

describe('evidence of a run', () => {
  test('has a file for each thing there is to know, and explains itself', async () => {
    const { evidence, names, text } = await collect();
    expect(names).toEqual([
      'README.txt',
      'compose.yaml',
      'events.txt',
      'host.txt',
      'ledger/container.json',
      'ledger/log.txt',
      'ledger/probes.txt',
      'report.json',
    ]);
    expect(evidence).toMatchObject({ folder: '/evidence', redacted: true, warnings: [] });
    expect(evidence.containers).toMatchObject([
      { service: 'ledger', status: 'exited', exitCode: 137, oomKilled: true },
    ]);
    for (const name of names.filter((each) => each !== 'README.txt'))
      expect(text('README.txt')).toContain(name);
  });

  test('has a report that its schema describes', async () => {
    const { report } = await collect();
    expectReport(report());
    expect(report()).toMatchObject({
      project: 'p',
      outcome: 'failure',
      systems: [{ service: 'ledger', containers: [{ log: { file: 'ledger/log.txt', complete: true } }] }],
      engine: { server: '28.5.2' },
    });
  });

  test('shows no secret of a container’s environment, of its command, or of the caller’s', async () => {
    const command = { ...(inspected()['Config'] as object), Cmd: ['serve', '--requirepass', 'open-sesame'] };
    const logs = {
      c0ffee: [
        ['stdout', `${stampAt(1)} password is hunter2=x\n`] as const,
        ['stderr', `${stampAt(2)} open-sesame, mellon-friend\n`] as const,
      ],
    };
    const machine = { '/proc/loadavg': 'mellon-friend' };
    const { written, text } = await collect(
      { containers: [inspected({ Config: command })], logs, machine },
      { secrets: ['mellon-friend'] },
    );
    for (const [path, content] of written)
      for (const secret of ['hunter2=x', 'open-sesame', 'mellon-friend'])
        expect([path, content.toString().includes(secret)]).toEqual([path, false]);
    expect(text('ledger/log.txt')).toContain('password is ***');
    expect(text('ledger/probes.txt')).toContain('HTTP 401 for ***');
    expect(parse(text('compose.yaml')).services.ledger.environment).toEqual({
      DB_PASSWORD: '***',
      PLAIN: 'plain text',
    });
  });

  test('shows what everybody may read', async () => {
    const { text } = await collect({}, { published: ['hunter2=x'] });
    expect(parse(text('compose.yaml')).services.ledger.environment.DB_PASSWORD).toBe('hunter2=x');
    expect(text('ledger/probes.txt')).toContain('hunter2=x');
  });

  test('has what the machine and the engine tell', async () => {
    const cgroup = '0::/docker/c0ffee';
    const machine = {
      '/proc/meminfo': 'MemTotal: 10 kB\nMemAvailable: 5 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n',
      '/proc/77/cgroup': cgroup,
      '/sys/fs/cgroup/docker/c0ffee/memory.peak': '4096',
    };
    const State = { Status: 'running', Pid: 77 };
    const { report, text } = await collect({
      containers: [inspected({ State })],
      machine,
      variables: { RUNNER_TEMP: '/temp' },
    });
    expect(report().host.disks.map(({ path }: { path: string }) => path)).toEqual([
      '/',
      '/var/lib/docker',
      '/temp',
    ]);
    expect(report().host.memory.totalBytes).toBe(10_240);
    expect(report().systems[0].containers[0].resources).toEqual({ memoryPeakBytes: 4096, source: 'cgroup' });
    expect(JSON.parse(text('ledger/container.json')).resources.memoryPeakBytes).toBe(4096);
  });

  test('asks Docker what a container uses where the kernel’s count is on another machine', async () => {
    const stats = async () => ({ ...fine, stdout: '{"MemUsage":"1KiB / 2GiB","PIDs":"3"}\n' });
    const { report } = await collect({
      containers: [inspected({ State: { Status: 'running', Pid: 1 } })],
      machine: { '/proc/1/cgroup': '0::/init.scope' },
      world: ({ engine }) => ({ engine: { ...engine, stats } }),
    });
    expect(report().systems[0].containers[0].resources).toEqual({
      memoryBytes: 1024,
      processes: 3,
      source: 'docker stats: now, not the peak',
    });
  });

  test('divides the budget for logs among the containers', async () => {
    const containers = ['a', 'b'].map((Id) => inspected({ Id }));
    const long = Array.from(
      { length: 100 },
      (_, at) => ['stdout', `${stampAt(at)} ${'x'.repeat(69)}\n`] as const,
    );
    const { text } = await collect(
      { containers, logs: { a: long, b: long } },
      { limits: { log: 8080, logs: 10_100 } },
    );
    for (const id of ['ledger/1', 'ledger/1-b']) {
      expect(text(`${id}/log.txt`).length).toBeLessThan(5050 + 400);
      expect(text(`${id}/log.txt`)).toContain('The log is cut here');
    }
  });
});

test('a project without containers has the rest', async () => {
  const { evidence, names } = await collect({ containers: [] }, { record: { ...record, systems: [] } });
  expect(evidence).toMatchObject({ warnings: [], containers: [] });
  expect(names).toEqual(['README.txt', 'compose.yaml', 'events.txt', 'host.txt', 'report.json']);
});

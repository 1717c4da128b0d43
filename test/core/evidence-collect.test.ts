import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { RunRecord } from '../../src/core/record.ts';
import { collectEvidence } from '../../src/evidence/collect.ts';
import type { EvidenceRequest } from '../../src/evidence/collection.ts';
import { type Evidenced, evidenceWorld, failing, fine, stampAt, wanted } from '../fakes/evidence.ts';
import { inspected } from '../fakes/inspected.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

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
const record: RunRecord = {
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

async function collect(
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
    expect(valid(report()), JSON.stringify(valid.errors)).toBe(true);
    expect(report()).toMatchObject({
      project: 'p',
      outcome: 'failure',
      systems: [{ service: 'ledger', containers: [{ log: { file: 'ledger/log.txt', complete: true } }] }],
      engine: { server: '28.5.2' },
    });
  });

  test('shows no secret of a container’s environment, of its command, or of the caller’s', async () => {
    const command = { ...(inspected()['Config'] as object), Cmd: ['serve', '--requirepass', 'open-sesame'] };
    const logs = { c0ffee: [...records, ['stderr', `${stampAt(2)} open-sesame, mellon-friend\n`] as const] };
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

describe('a part that fails is a warning, and the others are there', () => {
  test.each<[string, RegExp, readonly string[], Evidenced]>([
    [
      'the engine’s memory',
      /the events could not be had: no events/,
      ['ledger/log.txt', 'host.txt'],
      { world: ({ engine }) => ({ engine: { ...engine, pastEvents: async () => failing('no events') } }) },
    ],
    [
      'the machine',
      /the state of the machine could not be had: no sockets/,
      ['ledger/log.txt', 'events.txt'],
      {
        world: ({ host }) => ({
          host: { ...host, listeners: () => Promise.reject(new Error('no sockets')) },
        }),
      },
    ],
    [
      'the log',
      /the log of p-ledger-1 could not be had: pipe broke/,
      ['ledger/container.json', 'host.txt'],
      {
        world: ({ engine }) => ({
          engine: { ...engine, readLog: () => Promise.reject(new Error('pipe broke')) },
        }),
      },
    ],
    [
      'the containers',
      /the containers could not be had: Docker does not answer/,
      ['host.txt', 'compose.yaml', 'ledger/probes.txt'],
      { world: () => ({ docker: { labelled: async () => undefined } }) },
    ],
    [
      'the disk under one file',
      /the Compose model could not be had: ENOSPC/,
      ['ledger/log.txt', 'host.txt'],
      {
        world: ({ files }) => ({
          files: {
            ...files,
            create: (path) =>
              path.endsWith('.yaml') ? Promise.reject(new Error('ENOSPC')) : files.create(path),
          },
        }),
      },
    ],
  ])('%s', async (_, warning, there, scene) => {
    const { evidence, names, report } = await collect(scene);
    expect(evidence.warnings).toEqual([expect.stringMatching(warning)]);
    expect(names).toEqual(expect.arrayContaining([...there, 'report.json', 'README.txt']));
    expect(evidence.redacted).toBe(true);
    expect(report().warnings).toEqual(evidence.warnings);
    expect(valid(report()), JSON.stringify(valid.errors)).toBe(true);
  });

  test('also one that hangs', async () => {
    const { evidence, names, clock } = await collect({
      world: ({ engine }) => ({ engine: { ...engine, readLog: () => new Promise(() => {}) } }),
    });
    expect(evidence.warnings).toEqual(['Evidence: time ran out for the log of p-ledger-1.']);
    expect(names).toEqual(expect.arrayContaining(['host.txt', 'report.json']));
    expect(clock.now()).toBeLessThan(60_000);
  });

  test('an engine that hangs leaves time for the machine’s own state', async () => {
    const { evidence, names, clock } = await collect({
      world: () => ({ docker: { labelled: () => new Promise(() => {}) } }),
    });
    expect(evidence.warnings).toEqual(['Evidence: time ran out for the containers.']);
    expect(names).toEqual(expect.arrayContaining(['host.txt', 'compose.yaml', 'report.json']));
    expect(clock.now()).toBeLessThan(60_000);
  });

  test('a container that cannot be inspected keeps its secrets: its log is not read', async () => {
    let read = 0;
    const { evidence, names } = await collect({
      world: ({ engine }) => ({
        docker: { labelled: async () => ['c0ffee', 'gone'] },
        engine: {
          ...engine,
          readLog: async () => {
            read += 1;
            return fine;
          },
        },
      }),
    });
    expect(evidence.warnings).toEqual([
      expect.stringMatching(/^Evidence: 1 of 2 containers cannot be inspected/),
    ]);
    expect([read, names.filter((name) => name.endsWith('log.txt'))]).toEqual([1, ['ledger/log.txt']]);
  });
});

describe('where redaction fails', () => {
  test('in one file, nothing may be uploaded, and that file is not there', async () => {
    const plain = { push: (text: string) => text, end: () => '' };
    const refuse = (text: string) => {
      if (text.includes('password is')) throw new Error('no redaction');
      return text;
    };
    const { evidence, written } = await collect({}, {}, () => ({
      text: (text) => text,
      stream: () => ({ ...plain, push: refuse }),
    }));
    expect([evidence.redacted, evidence.files]).toEqual([false, []]);
    expect(written.has('/evidence/ledger/log.txt')).toBe(false);
    expect(written.has('/evidence/report.json')).toBe(true);
    expect(evidence.warnings.at(-1)).toMatch(/could not be redacted/);
  });

  test('before anything, nothing is written', async () => {
    const { evidence, written } = await collect({}, {}, () => {
      throw new Error('no redactor');
    });
    expect(evidence).toMatchObject({
      redacted: false,
      files: [],
      warnings: ['Evidence could not be collected: no redactor'],
    });
    expect(written.size).toBe(0);
  });
});

test('a report that cannot be written is a warning, and the rest may be uploaded', async () => {
  const { evidence, names } = await collect({
    world: ({ files }) => ({
      files: {
        ...files,
        create: (path) =>
          path.endsWith('report.json') ? Promise.reject(new Error('ENOSPC')) : files.create(path),
      },
    }),
  });
  expect(evidence).toMatchObject({
    redacted: true,
    warnings: ['Evidence: the report could not be had: ENOSPC'],
  });
  expect(names).toEqual(expect.arrayContaining(['ledger/log.txt', 'README.txt']));
});

test('a folder that cannot be made is a warning, too', async () => {
  const { evidence } = await collect({
    world: ({ machine }) => ({
      machine: { ...machine, makeFolder: () => Promise.reject(new Error('EROFS')) },
    }),
  });
  expect(evidence).toMatchObject({ files: [], warnings: ['Evidence could not be collected: EROFS'] });
});

test('a project without containers has the rest', async () => {
  const { evidence, names } = await collect({ containers: [] }, { record: { ...record, systems: [] } });
  expect(evidence).toMatchObject({ warnings: [], containers: [] });
  expect(names).toEqual(['README.txt', 'compose.yaml', 'events.txt', 'host.txt', 'report.json']);
});

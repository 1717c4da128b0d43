import { describe, expect, test } from 'vitest';
import { collect } from '../fakes/collected.ts';
import { fine } from '../fakes/command.ts';
import { type Evidenced, failing } from '../fakes/evidence.ts';
import { expectReport } from '../fakes/report-schema.ts';

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
    expectReport(report());
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

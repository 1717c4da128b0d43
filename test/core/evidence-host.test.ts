import { describe, expect, test } from 'vitest';
import {
  engineFacts,
  loadFacts,
  memoryFacts,
  outOfMemoryLine,
  renderHost,
  sinceThen,
} from '../../src/core/evidence/host.ts';
import { aboutEngine, host } from '../fakes/machine-facts.ts';

describe('memory', () => {
  test('is counted in bytes', () => {
    const meminfo =
      'MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   20000000 kB\nSwapTotal:       1024 kB\nSwapFree:        0 kB\n';
    expect(memoryFacts(meminfo)).toEqual({
      totalBytes: 25276502016,
      availableBytes: 20480000000,
      swapTotalBytes: 1048576,
      swapFreeBytes: 0,
    });
  });

  test.each(['', 'MemTotal: 1 kB'])('is unknown from %j', (meminfo) => {
    expect(memoryFacts(meminfo)).toBeUndefined();
  });
});

test.each([
  ['1.88 1.30 1.48 2/345 6789\n', [1.88, 1.3, 1.48]],
  ['', []],
  ['a b c', []],
])('load %j is %j', (text, load) => {
  expect(loadFacts(text)).toEqual(load);
});

describe('the engine', () => {
  test('is known by its versions and what it runs on', () => {
    expect(engineFacts(aboutEngine.version, aboutEngine.info)).toEqual(aboutEngine.facts);
  });

  test('is unknown where it does not answer', () => {
    expect(engineFacts({ Client: { Version: '28.2.2' }, Server: null }, undefined)).toBeUndefined();
    expect(engineFacts(undefined, undefined)).toBeUndefined();
  });
});

test.each([
  ['tail invoked oom-killer: gfp_mask=0xcc0', true],
  ['oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)', true],
  ['Out of memory: Killed process 77 (java)', true],
  ['Memory cgroup out of memory: Killed process 77 (java)', true],
  ['oom_reaper: reaped process 77 (java)', true],
  [' oom_kill_process.cold+0x8/0x8a', false],
  ['eth0: renamed from vethroom', false],
])('the kernel’s line %j is about memory that ran out: %s', (line, is) => {
  expect(outOfMemoryLine.test(line)).toBe(is);
});

describe('for a person', () => {
  test('the machine is one page', () => {
    expect(renderHost(host, aboutEngine.facts)).toBe(
      `Machine:
  kernel 6.8.0-1021-azure, x64
  4 CPUs, AMD EPYC 7763
  load 1.5 0.7 0.2 (averages of 1, 5 and 15 minutes)

Memory:
  1.0 GiB of 16.0 GiB available
  swap: 0 bytes of 4.0 GiB free

Disks:
  /: 10.0 GiB of 72.0 GiB available, room for 100 of 200 files
  /mnt: 1.0 GiB of 2.0 GiB available

Docker Engine:
  server 28.5.2 (API 1.51), client 28.2.2
  Engine 28.5.2, containerd 2.1.9
  Ubuntu 24.04, kernel 6.8.0, x86_64, 4 CPUs, 16.0 GiB memory
  storage overlay2, logs json-file, cgroup v2 (systemd)
  4 of 7 containers running
  WARNING: No swap limit support

Kernel: memory that ran out:
  Out of memory: Killed process 77 (java)

Listening TCP ports:
  127.0.0.1:5432  postgres, process 12
  [::]:22  owner unknown
`,
    );
  });

  test('what is not known is said', () => {
    const { memory: _, ...rest } = host;
    const blind = { ...rest, load: [], outOfMemory: { lines: [], unreadable: 'not permitted' } };
    const text = renderHost(blind, undefined);
    expect(text).toContain('Memory:\n  unknown\n');
    expect(text).toContain('load unknown\n');
    expect(text).toContain('Docker Engine:\n  does not answer\n');
    expect(text).toContain('unknown, the kernel’s log cannot be read: not permitted');
    expect(renderHost({ ...host, outOfMemory: { lines: [] } }, undefined)).toContain('ran out:\n  none\n');
  });
});

test('lines of the kernel from before the run are another job’s', () => {
  const lines = [
    '2026-11-25T04:24:47,167576+00:00 Killed process 831 (tail)',
    '2026-11-25T04:34:59+0000 host kernel: Killed process 2 (java)',
    '2026-11-25T04:35:10,5+00:00 Killed process 3 (java)',
    'Out of memory, without a time',
  ];
  const log = sinceThen({ lines }, Date.parse('2026-11-25T04:35:00Z'));
  expect(log.lines).toEqual(lines.slice(1));
});

import { describe, expect, test } from 'vitest';
import type { Command, CommandResult } from '../../src/core/command.ts';
import { runCommand } from '../../src/io/command.ts';
import { hostReader } from '../../src/io/host.ts';
import { listeners } from '../../src/io/port-owner.ts';
import { tcpServer } from './local-server.ts';

const real = hostReader(runCommand);

/** A machine on which commands say this, by their words; others are not there. */
function host(
  says: Readonly<Record<string, { lines?: readonly string[]; result?: Partial<CommandResult> }>>,
) {
  const ran: string[] = [];
  const run: Command = async (command, { onLine }) => {
    const name = command.join(' ');
    ran.push(name);
    const { lines = [], result } = says[name] ?? {
      result: { exitCode: undefined, stderr: `spawn ${command[0]} ENOENT`, missing: true },
    };
    for (const line of lines) onLine?.(line);
    return { command, exitCode: 0, stdout: '', stderr: '', timedOut: false, missing: false, ...result };
  };
  return { ran, outOfMemory: () => hostReader(run).outOfMemory() };
}

const dmesg = 'dmesg --time-format=iso';
const journal = 'journalctl --dmesg --quiet --no-pager --output=short-iso';
const killed =
  '2026-11-25T03:44:09,770621+00:00 Memory cgroup out of memory: Killed process 17966 (tail) total-vm:34416kB';
const other = '2026-11-25T03:44:09,766781+00:00 eth0: renamed from vethafc6d1a';
const denied = { exitCode: 1, stderr: 'dmesg: read kernel buffer failed: Operation not permitted\n' };

describe('what the kernel tells of memory that ran out', () => {
  test('is read from its own buffer', async () => {
    const { outOfMemory, ran } = host({ [dmesg]: { lines: [other, killed, other] } });
    expect(await outOfMemory()).toEqual({ lines: [killed] });
    expect(ran).toEqual([dmesg]);
  });

  test('is nothing where there is a log without such a line', async () => {
    expect(await host({ [dmesg]: { lines: [other] } }).outOfMemory()).toEqual({ lines: [] });
  });

  test('is read from the journal where the buffer may not be read', async () => {
    const { outOfMemory } = host({ [dmesg]: { result: denied }, [journal]: { lines: [killed] } });
    expect(await outOfMemory()).toEqual({ lines: [killed] });
  });

  test('is read without times where `dmesg` is a small one', async () => {
    const { outOfMemory } = host({
      [dmesg]: { result: { exitCode: 1, stderr: 'unknown option' } },
      dmesg: { lines: [killed] },
    });
    expect(await outOfMemory()).toEqual({ lines: [killed] });
  });

  test('is unknown, with the reasons, where neither may be read', async () => {
    const { outOfMemory } = host({ [dmesg]: { result: denied }, [journal]: {}, dmesg: { result: denied } });
    expect(await outOfMemory()).toEqual({
      lines: [],
      unreadable: 'dmesg: dmesg: read kernel buffer failed: Operation not permitted; journalctl: it is empty',
    });
  });

  test('is unknown where there are no such programs, or they do not end', async () => {
    const hangs = { result: { exitCode: undefined, timedOut: true } };
    expect((await host({ [dmesg]: hangs }).outOfMemory()).unreadable).toBe(
      'dmesg: no answer in time; journalctl: spawn journalctl ENOENT; dmesg: spawn dmesg ENOENT',
    );
  });

  test('is kept up to its last lines', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `${index} Out of memory`);
    expect((await host({ [dmesg]: { lines } }).outOfMemory()).lines).toEqual(lines.slice(800));
  });
});

describe('this machine', () => {
  test('has a kernel and CPUs', () => {
    const { kernel, cpus, architecture } = real.system();
    expect(kernel).toMatch(/^\d+\.\d+/);
    expect(cpus).toBeGreaterThan(0);
    expect(architecture).toBe(process.arch);
  });

  test('has a disk with room on it, and none where there is no folder', async () => {
    const disk = await real.disk('/');
    expect(disk?.availableBytes).toBeGreaterThan(0);
    expect(disk?.totalBytes).toBeGreaterThanOrEqual(disk?.availableBytes ?? Infinity);
    expect(await real.disk('/does/not/exist')).toBeUndefined();
  });

  test('tells who listens where', async () => {
    await using server = await tcpServer(() => {});
    const found = (await listeners()).filter(({ port }) => port === server.port);
    expect(found).toEqual([
      {
        address: '127.0.0.1',
        port: server.port,
        process: { name: expect.stringMatching(/./), pid: process.pid },
      },
    ]);
    const ports = (await listeners()).map(({ port }) => port);
    expect(ports).toEqual([...ports].sort((a, b) => a - b));
  });
});

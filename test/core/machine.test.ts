import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { machine } from '../../src/io/machine.ts';
import { portOwner } from '../../src/io/port-owner.ts';
import { tcpServer } from './local-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'machine-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('free ports', () => {
  test('are different, and nothing listens on them', async () => {
    const ports = await machine.freePorts('127.0.0.1', 50);
    expect(new Set(ports).size).toBe(50);
    const taken = await Promise.all(ports.map((port) => machine.portTaken('127.0.0.1', port)));
    expect(taken).not.toContain(true);
  });

  test('none are none', async () => {
    expect(await machine.freePorts('127.0.0.1', 0)).toEqual([]);
  });

  test('of an address that is another machine’s are fewer than asked for', async () => {
    expect(await machine.freePorts('203.0.113.1', 3)).toEqual([]);
  });
});

describe('a port', () => {
  test('is taken while something listens, and not after', async () => {
    const server = await tcpServer(() => {});
    expect(await machine.portTaken('127.0.0.1', server.port)).toBe(true);
    await server[Symbol.asyncDispose]();
    expect(await machine.portTaken('127.0.0.1', server.port)).toBe(false);
  });

  test('is taken on every address where something listens on all', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await machine.portTaken('127.0.0.1', port)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
  });

  test('of an address that is another machine’s is not called taken', async () => {
    expect(await machine.portTaken('203.0.113.1', 9092)).toBe(false);
  });

  test('is let go by the question', async () => {
    const [port = 0] = await machine.freePorts('127.0.0.1', 1);
    await machine.portTaken('127.0.0.1', port);
    const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
      connect(port, '127.0.0.1').on('error', resolve),
    );
    expect(error.code).toBe('ECONNREFUSED');
  });

  test('has an owner while somebody listens', async () => {
    const server = await tcpServer(() => {});
    expect(await portOwner(server.port)).toMatch(new RegExp(`, process ${process.pid}$`));
    await server[Symbol.asyncDispose]();
    expect(await portOwner(server.port)).toBe('');
  });
});

describe('files', () => {
  const file = join(folder, 'a.txt');

  test('are written for this user alone, and read', async () => {
    await machine.writeText(file, 'text é');
    expect(await machine.readText(file)).toBe('text é');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a file', () => file, true],
    [
      'a link to one',
      () => {
        symlinkSync(file, join(folder, 'link'));
        return join(folder, 'link');
      },
      true,
    ],
    ['a folder', () => folder, false],
    ['nothing', () => join(folder, 'none'), false],
    ['a device that never ends', () => '/dev/zero', false],
    ['a name with a NUL', () => 'a\u0000b', false],
  ])('%s', async (_, path, is) => {
    writeFileSync(file, '');
    expect(await machine.isFile(path())).toBe(is);
  });

  test('of a project are in a folder for this user alone, which goes away whole, twice if need be', async () => {
    const path = join(folder, 'infra-action', 'p');
    await machine.makeFolder(path);
    await machine.makeFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    writeFileSync(join(path, 'x'), '');
    await machine.removeFolder(path);
    await machine.removeFolder(path);
    expect(readdirSync(join(folder, 'infra-action'))).toEqual([]);
  });

  test('of two projects are apart, below the runner’s temporary folder', () => {
    const before = process.env['RUNNER_TEMP'];
    process.env['RUNNER_TEMP'] = '/runner/temp';
    expect(machine.folder('a')).toBe('/runner/temp/infra-action/a');
    process.env['RUNNER_TEMP'] = '';
    expect(machine.folder('a')).toBe(join(tmpdir(), 'infra-action', 'a'));
    if (before === undefined) delete process.env['RUNNER_TEMP'];
    else process.env['RUNNER_TEMP'] = before;
  });
});

describe('time', () => {
  test('never goes back', () => {
    const [first, second] = [machine.now(), machine.now()];
    expect(second).toBeGreaterThanOrEqual(first);
  });

  test('of a sleep ends with an abort, before or during it', async () => {
    const abort = new AbortController();
    const during = machine.sleep(3_600_000, abort.signal);
    abort.abort();
    await Promise.all([during, machine.sleep(3_600_000, abort.signal)]);
    expect(abort.signal.aborted).toBe(true);
  });

  test('of a sleep passes in order', async () => {
    const order: string[] = [];
    await Promise.all([
      machine.sleep(30).then(() => order.push('later')),
      machine.sleep(1).then(() => order.push('sooner')),
    ]);
    expect(order).toEqual(['sooner', 'later']);
  });
});

test('the salt of a project name differs from run to run, and fits a project name', () => {
  const salts = Array.from({ length: 20 }, () => machine.salt());
  expect(new Set(salts).size).toBeGreaterThan(1);
  expect(salts.every((salt) => /^[a-z0-9]{4}$/.test(salt))).toBe(true);
});

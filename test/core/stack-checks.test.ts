import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { healthcheck } from './stack-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'stack-checks-'));
const marker = join(folder, 'initialized');
writeFileSync(marker, '');
afterAll(() => rmSync(folder, { recursive: true }));

function hex(text: string): Buffer {
  return Buffer.from(text.replace(/\s/g, ''), 'hex');
}

/** Runs a service's own check against a server that gives this answer; resolves to the exit code and the question. */
async function check(name: string, port: number, answer: Buffer | undefined, initialized = marker) {
  const asked: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      asked.push(data);
      if (answer !== undefined) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const [kind, ...command] = healthcheck(name);
  expect(kind).toBe('CMD');
  const words = command.map((word) =>
    word
      .replaceAll(`/${port}`, `/${(server.address() as AddressInfo).port}`)
      .replaceAll('/data/db/.paklog-initialized', initialized),
  );
  const [program = '', ...args] = words;
  const child = spawn(program, args, { env: { ...process.env, HOSTNAME: '127.0.0.1' }, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  server.close();
  return { code, asked: Buffer.concat(asked) };
}

describe('zookeeper', () => {
  test('passes on imok', async () => {
    const { code, asked } = await check('zookeeper', 2181, Buffer.from('imok'));
    expect([code, asked.toString()]).toEqual([0, 'ruok']);
  });

  test.each([
    'ruok is not executed because it is not in the whitelist.\n',
    'This ZooKeeper instance is not currently serving requests\n',
  ])('fails on %j', async (answer) => {
    expect((await check('zookeeper', 2181, Buffer.from(answer))).code).not.toBe(0);
  });
});

describe('kafka', () => {
  const brokers = (count: string) =>
    hex(`00000030 00000002 ${count} 00000001 0009 6c6f63616c686f7374 00002384`);

  test('passes on metadata that names a broker', async () => {
    const { code, asked } = await check('kafka', 9092, brokers('00000001'));
    expect([code, asked.toString('hex')]).toEqual([0, '0000000e0003000100000002ffff00000000']);
  });

  test('fails on metadata that names none', async () => {
    expect((await check('kafka', 9092, brokers('00000000'))).code).not.toBe(0);
  });

  test('fails on the answer to another question', async () => {
    expect((await check('kafka', 9092, hex('0000000800000007 00000001'))).code).not.toBe(0);
  });
});

describe('mongodb', () => {
  const hello = (writable: string) =>
    hex(`40000000 01000000 01000000 dd070000 00000000 00 2b000000
         08 69735772697461626c655072696d61727900 ${writable} 01 6f6b00 000000000000f03f 00`);

  test('passes on a writable primary whose init scripts have run', async () => {
    const { code, asked } = await check('mongodb', 27017, hello('01'));
    expect([code, asked.readInt32LE(0), asked.length]).toEqual([0, 52, 52]);
  });

  test('fails on a server that is not writable', async () => {
    expect((await check('mongodb', 27017, hello('00'))).code).not.toBe(0);
  });

  test('fails while the init scripts have not all run', async () => {
    const { code, asked } = await check('mongodb', 27017, hello('01'), join(folder, 'absent'));
    expect([code, asked.length]).toEqual([1, 0]);
  });

  test('does not ask the loopback address, where the server of the init scripts listens', () => {
    expect(healthcheck('mongodb').join(' ')).not.toMatch(/127\.0\.0\.1|localhost/);
  });
});

test.each(['zookeeper', 'kafka', 'mongodb'])('%s: fails while nothing listens', async (name) => {
  const [, ...command] = healthcheck(name);
  const words = command.map((word) =>
    word.replace(/\/(2181|9092|27017)/, '/1').replaceAll('/data/db/.paklog-initialized', marker),
  );
  const [program = '', ...args] = words;
  const child = spawn(program, args, { env: { ...process.env, HOSTNAME: '127.0.0.1' }, stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('close', resolve))).not.toBe(0);
});

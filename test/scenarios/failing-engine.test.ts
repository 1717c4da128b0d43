import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bring, type Caller, failureOf, script } from './caller-stack.ts';

const caller: Caller = { services: { ledger: script('sleep 600') } };

/** A Docker Engine that takes every connection and never answers. */
async function silentEngine(): Promise<{ readonly address: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'silent-engine-'));
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve));
  return {
    address: `unix://${folder}/docker.sock`,
    [Symbol.asyncDispose]: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true });
    },
  };
}

describe('without an engine that works', () => {
  test('there is one annotation within five seconds when none is there', { timeout: 5000 }, async () => {
    const failure = await failureOf(await bring(caller, { env: { DOCKER_HOST: 'unix:///nonexistent' } }));
    expect(failure.title).toBe('infra-action: PakLog infrastructure: DOCKER_UNAVAILABLE');
    expect(failure.message).toContain('DOCKER_HOST');
  });

  test('a missing docker command is told apart', { timeout: 5000 }, async () => {
    const failure = await failureOf(await bring(caller, { env: { PATH: '/nonexistent' } }));
    expect(failure.title).toBe('infra-action: PakLog infrastructure: DOCKER_MISSING');
    expect(failure.message).toContain('PATH');
  });

  test('an engine that never answers is not waited for without end', { timeout: 45_000 }, async () => {
    await using engine = await silentEngine();
    const failure = await failureOf(await bring(caller, { env: { DOCKER_HOST: engine.address } }));
    expect(failure.title).toBe('infra-action: PakLog infrastructure: DOCKER_TIMEOUT');
    expect(failure.message).toContain('docker version');
  });
});

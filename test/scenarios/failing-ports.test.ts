import { describe, expect, test } from 'vitest';
import { run, stepOf } from '../runner/job.ts';
import {
  bring,
  type Caller,
  failureOf,
  freePort,
  image,
  listen,
  redis,
  redisEntry,
  uniqueName,
} from './caller-stack.ts';
import { docker } from './docker-cli.ts';

const onPort = (port: number): Caller => ({
  services: { ledger: redis(port) },
  'x-paklog': {
    systems: {
      ledger: {
        ...redisEntry(),
        endpoints: { redis: { port: 6379, env: { default: { LEDGER: '{address}' } } } },
      },
    },
  },
});

async function publishing(port: number): Promise<{ readonly name: string } & AsyncDisposable> {
  const name = uniqueName();
  const started = await docker([
    'run',
    '--detach',
    '--name',
    name,
    '--publish',
    `127.0.0.1:${port}:6379`,
    image,
  ]);
  expect(started.code, started.output).toBe(0);
  return {
    name,
    [Symbol.asyncDispose]: async () => void (await docker(['rm', '--force', '--volumes', name])),
  };
}

async function dynamicWorksBeside(port: number): Promise<void> {
  const ask = run('ask', async ({ env, exec }) => {
    const { output } = await exec([
      'docker',
      'run',
      '--rm',
      '--network',
      'host',
      image,
      ...redisCli(env['LEDGER']),
    ]);
    expect(output).toContain('PONG');
  });
  const job = await bring(onPort(port), { with: { ports: 'dynamic' }, later: [ask] });
  expect(job.conclusion, job.text).toBe('success');
  expect(stepOf(job, 'stack').outputs['services']).not.toContain(String(port));
}

function redisCli(address = ''): readonly string[] {
  const [host = '', port = ''] = address.split(':');
  return ['redis-cli', '-h', host, '-p', port, 'ping'];
}

describe('a fixed port that is taken', { timeout: 30_000 }, () => {
  test('by a process is named with the process; with dynamic ports the stack comes up', async () => {
    await using held = await listen();
    const { title, message } = await failureOf(await bring(onPort(held.port)));
    expect(title).toBe('infra-action: ledger: PORT_TAKEN');
    expect(message).toContain(String(held.port));
    expect(message).toContain(`process ${process.pid}`);
    expect(message).toContain('ports: dynamic');
    await dynamicWorksBeside(held.port);
  });

  test('by a container is named with the container; with dynamic ports the stack comes up', async () => {
    const port = await freePort();
    await using other = await publishing(port);
    const { title, message } = await failureOf(await bring(onPort(port)));
    expect(title).toBe('infra-action: ledger: PORT_TAKEN');
    expect(message).toContain(String(port));
    expect(message).toContain(other.name);
    await dynamicWorksBeside(port);
  });
});

import { describe, expect, test } from 'vitest';
import { stepOf } from '../runner/job.ts';
import {
  bring,
  type Caller,
  checked,
  container,
  failureOf,
  freePort,
  image,
  redis,
  redisEntry,
  script,
} from './caller-stack.ts';
import { docker } from './docker-cli.ts';

/** The deadline is far away: a failure that is only seen there ends the test first. */
const seconds = 30_000;

async function failing(caller: Caller, given: Readonly<Record<string, string>> = {}) {
  const job = await bring(caller, { with: given });
  return { job, ...(await failureOf(job)) };
}

describe('a service that ends', { timeout: seconds }, () => {
  test('with an error is named at once, with the end of its log', async () => {
    const ledger = checked('echo opening; echo "no ledger at /data" >&2; exit 1', 'false');
    const { job, title, message } = await failing({ services: { ledger } });
    expect(title).toBe('infra-action: ledger: SERVICE_EXITED');
    expect(message).toContain('ledger exited with code 1');
    expect(message).toContain('no ledger at /data');
    expect(stepOf(job, 'stack').summary).toContain('no ledger at /data');
  });

  test('without an error fails when it had to keep running', async () => {
    const ledger = checked('echo all done', 'false');
    const { title, message } = await failing({ services: { ledger } });
    expect(title).toBe('infra-action: ledger: SERVICE_EXITED');
    expect(message).toContain('although it has to keep running');
  });

  test('without an error is done when nothing but running was asked of it', async () => {
    const job = await bring({ services: { once: script('echo all done') } });
    expect(job.conclusion, job.text).toBe('success');
  });

  test('again and again under a restart policy is a crash loop', async () => {
    const ledger = checked('echo trying; exit 3', 'false', { restart: 'always' });
    const { title, message } = await failing({ services: { ledger } });
    expect(title).toBe('infra-action: ledger: SERVICE_CRASH_LOOP');
    expect(message).toContain('last exit code 3');
    expect(message).toContain('trying');
  });

  test('of its memory limit is told so', async () => {
    const ledger = checked('tail /dev/zero', 'false', { mem_limit: '32m', memswap_limit: '32m' });
    const { title, message } = await failing({ services: { ledger } });
    expect(title).toBe('infra-action: ledger: SERVICE_OOM');
    expect(message).toContain('memory');
  });

  test('by a SIGKILL from outside is not taken for its memory limit', async () => {
    const job = await bring(
      { services: { ledger: checked('sleep 600', 'false') } },
      {
        beside: async (project) => {
          const killed = await docker(['kill', '--signal', 'KILL', await container(project, 'running')]);
          expect(killed.code, killed.output).toBe(0);
        },
      },
    );
    const { title, message } = await failureOf(job);
    expect(title).toBe('infra-action: ledger: SERVICE_EXITED');
    expect(message).toContain('137');
    expect(message).toContain('SIGKILL');
  });
});

describe('a service that worked and dies while others come up', { timeout: 2 * seconds }, () => {
  const ledger = (port: number) => redis(port);
  const after = { depends_on: { ledger: { condition: 'service_healthy' } } };
  const shutDown = 'redis-cli -h ledger shutdown nosave; touch /tmp/shut';

  test('is found before the step ends', async () => {
    const shop = checked(`${shutDown}; sleep 600`, 'test -e /tmp/shut', after);
    const { title, message } = await failing({
      services: { ledger: ledger(await freePort()), shop },
      'x-paklog': { systems: { ledger: redisEntry() } },
    });
    expect(title).toBe('infra-action: ledger: SERVICE_EXITED');
    expect(message).toContain('code 0');
    expect(message).not.toContain('before it worked');
  });

  test('is named, not the one that waits for it', async () => {
    const shop = checked(`${shutDown}; sleep 600`, 'false', after);
    const { title } = await failing({
      services: { ledger: ledger(await freePort()), shop },
      'x-paklog': { systems: { ledger: redisEntry() } },
    });
    expect(title).toBe('infra-action: ledger: SERVICE_EXITED');
  });
});

describe('a service that never works', { timeout: seconds }, () => {
  test('is named at the deadline with the last answer of its probe, not those that wait for it', async () => {
    const waits = (service: string) => ({ depends_on: { [service]: { condition: 'service_healthy' } } });
    const { title, message } = await failing(
      {
        services: {
          shop: script('sleep 600', waits('orders')),
          orders: script('sleep 600', waits('ledger')),
          ledger: redis(await freePort()),
        },
        'x-paklog': { systems: { ledger: redisEntry('+READY') } },
      },
      { timeout: '6s' },
    );
    expect(title).toBe('infra-action: ledger: NOT_READY');
    expect(message).toContain('6 s');
    expect(message).toContain('+PONG');
  });

  test('does not, although Docker’s proxy accepts connections for it', async () => {
    const port = await freePort();
    const ledger = { ...script('sleep 600'), ports: [`${port}:6379`] };
    const { title, message } = await failing(
      { services: { ledger }, 'x-paklog': { systems: { ledger: redisEntry() } } },
      { timeout: '5s' },
    );
    expect(title).toBe('infra-action: ledger: NOT_READY');
    expect(message).toMatch(/ECONNRESET|connection was closed/);
  });

  test('is not mistaken for one whose command does not exist', async () => {
    const ledger = { image, entrypoint: ['/no/such/program'] };
    const { title, message } = await failing({ services: { ledger } });
    expect(title).toContain('infra-action: ledger: ');
    expect(message).toContain('/no/such/program');
  });
});

describe('dependencies', { timeout: seconds }, () => {
  test('that must end first are waited for to their end', async () => {
    const shop = script('test -e /shared/migrated', {
      depends_on: { migration: { condition: 'service_completed_successfully' } },
      volumes: ['shared:/shared'],
    });
    const migration = script('sleep 1; touch /shared/migrated', { volumes: ['shared:/shared'] });
    const caller = { services: { shop, migration }, volumes: { shared: {} } };
    const job = await bring(caller);
    expect(job.conclusion, job.text).toBe('success');
  });

  test('that must end first and fail are named', async () => {
    const shop = script('sleep 600', {
      depends_on: { migration: { condition: 'service_completed_successfully' } },
    });
    const { title } = await failing({
      services: { shop, migration: script('sleep 1; echo "table is locked"; exit 4') },
    });
    expect(title).toBe('infra-action: migration: SERVICE_EXITED');
  });
});

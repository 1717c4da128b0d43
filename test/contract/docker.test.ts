import { describe, expect, test } from 'vitest';
import { leftoverKinds } from '../../src/io/docker.ts';
import { checked, container, freePort, image, poll, redis, script } from '../scenarios/caller-stack.ts';
import { docker as ask } from '../scenarios/docker-cli.ts';
import { docker, newProject, type Project, succeed } from './project.ts';

/** What `inspect` says of the service's container once that holds. */
async function inspected(
  project: Project,
  service: string,
  holds: (seen: Record<string, unknown>) => boolean,
) {
  const id = (await project.ids()).get(service) ?? '';
  return poll(async () => {
    const [line = '{}'] = succeed(await docker.inspect([id]));
    const seen = JSON.parse(line) as Record<string, unknown>;
    return holds(seen) ? seen : undefined;
  }, `such a state of ${service}`);
}

const exited = ({ status }: Record<string, unknown>) => status === 'exited';

describe('the engine', { timeout: 30_000 }, () => {
  test('tells its version, its API version and its architecture', async () => {
    const [line] = succeed(await docker.version());
    expect(line).toMatch(/^\d+\.\d+\S* 1\.\d+ (amd64|arm64)$/);
  });

  test('tells whether it has all images, or lacks one', async () => {
    expect(await docker.hasImages([image])).toBe(true);
    expect(await docker.hasImages([image, 'no/such/image:1'])).toBe(false);
  });

  test('tells of those images that it has, whatever name of the others it prefers', async () => {
    const facts = await docker.imageFacts([
      'no/such/image:1',
      image,
      'docker.io/library/none:1',
      'none-either',
    ]);
    expect([...facts.keys()]).toEqual([image]);
    expect(facts.get(image)?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await docker.imageFacts(['no/such/image:1'])).toEqual(new Map());
    expect(await docker.imageFacts([])).toEqual(new Map());
  });
});

describe('inspect', { timeout: 30_000 }, () => {
  test('tells of a container without a health check', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { once: script('exit 7') } });
    const id = (await project.start(model, ['once'])).get('once');
    expect(await inspected(project, 'once', exited)).toEqual({
      id,
      service: 'once',
      status: 'exited',
      exitCode: 7,
      oomKilled: false,
      restarts: 0,
      health: null,
    });
  });

  test('tells the health of one that has a check', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { ledger: checked('sleep 600', 'true') } });
    await project.start(model, ['ledger']);
    const seen = await inspected(project, 'ledger', ({ health }) => health === 'healthy');
    expect(seen).toMatchObject({ service: 'ledger', status: 'running' });
  });

  test('tells several at once, one line each', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { a: script('exit 0'), b: checked('sleep 600', 'true') } });
    const ids = await project.start(model, ['a', 'b']);
    const lines = succeed(await docker.inspect([...ids.values()]));
    expect(lines.map((line) => JSON.parse(line).service).sort()).toEqual(['a', 'b']);
  });

  test('counts restarts', async () => {
    await using project = await newProject();
    const loop = script('exit 3', { restart: 'always' });
    await project.start(await project.model({ services: { loop } }), ['loop']);
    const seen = await inspected(project, 'loop', ({ restarts }) => Number(restarts) >= 3);
    expect(seen).toMatchObject({ exitCode: 3 });
  });

  test('knows a container that its memory limit has killed', async () => {
    await using project = await newProject();
    const greedy = script('tail /dev/zero', { mem_limit: '32m', memswap_limit: '32m' });
    await project.start(await project.model({ services: { greedy } }), ['greedy']);
    expect(await inspected(project, 'greedy', exited)).toMatchObject({ exitCode: 137, oomKilled: true });
  });
});

describe('events', { timeout: 30_000 }, () => {
  const services = {
    'an exit': script('exit 1'),
    'an out-of-memory kill': script('tail /dev/zero', { mem_limit: '32m', memswap_limit: '32m' }),
    'a passed health check': checked('sleep 600', 'true'),
  };
  test.each(Object.entries(services))('of %s come with the ID of their container', async (_, service) => {
    await using project = await newProject();
    const model = await project.model({ services: { service } });
    const seen: string[] = [];
    void docker.events(project.name, (id) => seen.push(id), project.ended);
    // The subscription has no answer of its own: it is there once a container of this project is told of.
    await poll(async () => {
      const probe = ['run', '--rm', '--label', `com.docker.compose.project=${project.name}`, image, 'true'];
      await ask(probe);
      return seen.length > 0 || undefined;
    }, 'subscription');
    const id = (await project.start(model, ['service'])).get('service') ?? '';
    const starts = 1;
    await poll(
      () => seen.filter((each) => each === id).length > starts || undefined,
      'event after the start',
    );
  });
});

describe('containers of a project', { timeout: 30_000 }, () => {
  test('are found by label, running or not, and removed with their volumes', async () => {
    await using project = await newProject();
    const ledger = script('sleep 600', { volumes: ['data:/data', '/scratch'] });
    const model = await project.model({ services: { ledger }, volumes: { data: {} } });
    await project.create(model, ['ledger']);
    for (const kind of leftoverKinds) {
      const ids = (await docker.labelled(kind, project.name)) ?? [];
      expect(ids, kind).toHaveLength(1);
      succeed(await docker.remove(kind, ids));
      expect(await docker.labelled(kind, project.name), kind).toEqual([]);
    }
    expect((await project.ids()).size).toBe(0);
  });

  test('are told with their services, in full', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { a: script('exit 0'), b: script('exit 0') } });
    await project.create(model, ['a', 'b']);
    const found = await docker.containers(project.name);
    expect(found.map(({ service }) => service).sort()).toEqual(['a', 'b']);
    for (const { id } of found) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });

  test('are not told of when the engine does not answer', async () => {
    const host = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'unix:///nonexistent';
    try {
      expect(await docker.labelled('container', 'any')).toBeUndefined();
      expect(await docker.containers('any')).toEqual([]);
    } finally {
      if (host === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = host;
    }
  });

  test('are named by the port that they publish', async () => {
    await using project = await newProject();
    const port = await freePort();
    await project.start(await project.model({ services: { ledger: redis(port) } }), ['ledger']);
    expect(succeed(await docker.publishing(port))).toEqual([`${project.name}-ledger-1`]);
    expect(succeed(await docker.publishing(await freePort()))).toEqual([]);
  });

  test('show the last lines of both streams', async () => {
    await using project = await newProject();
    // Docker reads the streams apart: without a pause their order in the log is a matter of chance.
    const talker = script('for i in 1 2 3 4 5; do echo "out $i"; done; sleep 1; echo err >&2; sleep 1');
    const ids = await project.start(await project.model({ services: { talker } }), ['talker']);
    await inspected(project, 'talker', exited);
    const logs = await docker.logs(ids.get('talker') ?? '', 3);
    expect(logs).toContain('out 5');
    expect(logs).toContain('err');
    expect(logs).not.toContain('out 2');
  });

  test('run commands with an environment, and tell how those end', async () => {
    await using project = await newProject();
    await project.start(await project.model({ services: { ledger: script('sleep 600') } }), ['ledger']);
    const id = await container(project.name, 'running');
    const command = ['sh', '-c', 'echo "$GREETING"; exit 5'];
    const result = await docker.execute(id, command, { GREETING: 'a b=c' }, project.ended);
    expect(result).toMatchObject({ exitCode: 5, stdout: 'a b=c\n' });
  });
});

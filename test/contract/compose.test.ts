import { describe, expect, test } from 'vitest';
import { checked, image, poll, script, uniqueName } from '../scenarios/caller-stack.ts';
import { docker as ask } from '../scenarios/docker-cli.ts';
import { compose, docker, newProject, succeed } from './project.ts';

async function inspect(id: string | undefined, template: string): Promise<unknown> {
  const { code, stdout, output } = await ask(['container', 'inspect', '--format', template, id ?? '']);
  expect(code, output).toBe(0);
  return JSON.parse(stdout);
}

test('compose tells its version in short', async () => {
  expect(succeed(await compose.version()).join()).toMatch(/^v?\d+\.\d+\.\d+/);
});

describe('create', { timeout: 30_000 }, () => {
  test('makes containers of the named services alone, and starts none', async () => {
    await using project = await newProject();
    const model = await project.model({
      services: {
        base: script('sleep 600'),
        healthy: checked('sleep 600', 'true', { depends_on: ['base'] }),
        top: script('sleep 600', { depends_on: { healthy: { condition: 'service_healthy' } } }),
        beside: script('sleep 600'),
      },
    });
    await project.create(model, ['top']);
    expect([...(await project.ids()).keys()]).toEqual(['top']);
    await project.create(model, ['base', 'healthy']);
    const ids = await project.ids();
    expect([...ids.keys()].sort()).toEqual(['base', 'healthy', 'top']);
    const states = await Promise.all([...ids.values()].map((id) => inspect(id, '{{json .State.Status}}')));
    expect(states).toEqual(['created', 'created', 'created']);
  });

  test('keeps the containers that are there', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { base: script('sleep 600'), top: script('sleep 600') } });
    const first = (await project.start(model, ['base'])).get('base');
    await project.create(model, ['top']);
    expect((await project.ids()).get('base')).toBe(first);
    expect(await inspect(first, '{{json .State.Status}}')).toBe('running');
  });

  test('lets a service share the network of one that is made with it', async () => {
    await using project = await newProject();
    const model = await project.model({
      services: { base: { image }, sidecar: script('sleep 600', { network_mode: 'service:base' }) },
    });
    await project.create(model, ['base', 'sidecar']);
    const ids = await project.ids();
    const mode = await inspect(ids.get('sidecar'), '{{json .HostConfig.NetworkMode}}');
    expect(mode).toBe(`container:${ids.get('base')}`);
  });

  test('fails with Compose’s own words when a service does not exist', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { base: { image } } });
    const file = await project.write('model.json', model);
    const result = await compose.create(project.name, file, ['bsae'], project.ended);
    expect(result.exitCode).toBeGreaterThan(0);
    expect(result.stderr).toContain('bsae');
  });
});

describe('the way of a model through Compose', { timeout: 30_000 }, () => {
  test('keeps `x-paklog` at its top, and merges it across files', async () => {
    await using project = await newProject();
    const endpoint = (port: number) => ({ endpoints: { main: { port } } });
    const stack = {
      services: { base: { image } },
      'x-paklog': { systems: { base: endpoint(1) }, inputs: { topics: { system: 'base' } } },
    };
    const caller = { services: { own: { image } }, 'x-paklog': { systems: { own: endpoint(2) } } };
    const model = await project.model(stack, caller);
    expect(model['x-paklog']).toEqual({
      systems: { base: endpoint(1), own: endpoint(2) },
      inputs: { topics: { system: 'base' } },
    });
  });

  test('keeps dollar signs: `$$` in a file is `$` in the container', async () => {
    await using project = await newProject();
    const service = {
      image,
      command: ['sh', '-c', 'echo $$HOME $$A $$$$'],
      environment: { PRICE: '5$$', REGEX: '^a$$' },
      labels: { cost: '$$1' },
      healthcheck: { test: ['CMD-SHELL', 'test "$$PRICE"'] },
    };
    const once = await project.model({ services: { service } });
    const twice = await project.model(once);
    expect(twice).toEqual(once);
    await project.create(twice, ['service']);
    const id = (await project.ids()).get('service');
    expect(await inspect(id, '{{json .Config}}')).toMatchObject({
      Cmd: ['sh', '-c', 'echo $HOME $A $$'],
      Env: expect.arrayContaining(['PRICE=5$', 'REGEX=^a$']),
      Labels: { cost: '$1' },
      Healthcheck: { Test: ['CMD-SHELL', 'test "$PRICE"'] },
    });
  });

  test('fills variables from the environment that is given, for one call', async () => {
    await using project = await newProject();
    const file = await project.write('0.yaml', {
      services: { a: { image, labels: { port: 'port $PORT' } } },
    });
    const label = async (env: Readonly<Record<string, string>>) => {
      const [text = ''] = [succeed(await compose.config([file], { project: project.name, env })).join('\n')];
      return JSON.parse(text).services.a.labels.port;
    };
    expect(await label({ PORT: '39092' })).toBe('port 39092');
    expect(await label({})).toBe('port ');
  });
});

describe('`healthcheck: disable`', { timeout: 30_000 }, () => {
  const off = { disable: true };

  test('switches the check of a file off', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { ledger: checked('sleep 600', 'false') } });
    const { ledger } = model.services;
    const ids = await project.start({ ...model, services: { ledger: { ...ledger, healthcheck: off } } }, [
      'ledger',
    ]);
    expect(await inspect(ids.get('ledger'), '{{json .State}}')).not.toHaveProperty('Health');
  });

  test('switches the check of an image off, which would run otherwise', async () => {
    const reference = `${uniqueName()}:1`;
    const made = await ask(['create', image]);
    const change = 'HEALTHCHECK --interval=300ms CMD true';
    const built = await ask(['commit', '--change', change, made.stdout, reference]);
    try {
      expect(built.code, built.output).toBe(0);
      await using project = await newProject();
      const service = { ...script('sleep 600'), image: reference };
      const model = { services: { on: service, off: { ...service, healthcheck: off } } };
      const ids = await project.start(await project.model(model), ['on', 'off']);
      const state = (name: string) => inspect(ids.get(name), '{{json .State}}');
      const health = { Health: { Status: 'healthy' } };
      await poll(async () => {
        const seen = await state('on');
        return JSON.stringify(seen).includes('"healthy"') ? seen : undefined;
      }, 'passed check of the image');
      expect(await state('on')).toMatchObject(health);
      expect(await state('off')).not.toHaveProperty('Health');
    } finally {
      await ask(['rm', '--volumes', made.stdout]);
      await ask(['rmi', reference]);
    }
  });
});

describe('down', { timeout: 30_000 }, () => {
  test('knows containers, networks and volumes by the project’s name alone', async () => {
    await using project = await newProject();
    const ledger = script('sleep 600', { volumes: ['data:/data', '/scratch'] });
    await project.start(await project.model({ services: { ledger }, volumes: { data: {} } }), ['ledger']);
    succeed(await compose.down(project.name));
    const kinds = ['container', 'network', 'volume'] as const;
    const left = await Promise.all(kinds.map((kind) => docker.labelled(kind, project.name)));
    expect(left).toEqual([[], [], []]);
  });

  test('does not wait long for a container that ignores SIGTERM', async () => {
    await using project = await newProject();
    const deaf = { image, command: ['sh', '-c', "trap '' TERM; while true; do sleep 1; done"] };
    await project.start(await project.model({ services: { deaf } }), ['deaf']);
    succeed(await compose.down(project.name));
    expect(await docker.labelled('container', project.name)).toEqual([]);
  });

  test('of a project that does not exist succeeds', async () => {
    succeed(await compose.down(uniqueName()));
  });
});

import { describe, expect, test } from 'vitest';
import { engineEffects, runUp } from '../fakes/run.ts';
import type { Scene } from '../fakes/scene.ts';

/** The annotation of a run that must end before anything is created. */
async function refusalOf(scene: Scene): Promise<{ title: string; text: string }> {
  const { seen } = await runUp(scene);
  expect(engineEffects(seen)).toEqual([]);
  expect(seen.annotations).toHaveLength(1);
  return seen.annotations[0] ?? { title: '', text: '' };
}

describe('inputs', () => {
  test('are all judged at once, before the engine is asked or anything is saved', async () => {
    const inputs = {
      services: 'quue, store',
      'compose-files': 'missing.yaml\nempty.yaml',
      timeout: '0',
      init: 'a.exe',
      replica: 'yes',
    };
    const files = { '/w/empty.yaml': '' };
    const { seen } = await runUp({ inputs, files, noDocker: true });
    expect(seen.effects).toEqual([]);
    expect(seen.saved).toBe('');
    expect(seen.annotations).toEqual([
      {
        title: 'infra-action: PakLog infrastructure: INPUT_INVALID',
        text: [
          'compose file missing.yaml: there is no such file in /w, or it is a folder',
          'compose file empty.yaml: is empty',
          'init: "a.exe" is not an .sql file',
          'replica: "yes" is neither true nor false',
          'timeout: "0" is not a duration such as 90s, 5m or 300 (seconds), at most 6h',
          'Why: 5 inputs cannot be used as they are.',
          'What to do: Correct what is listed under `with:` and run the job again. Nothing was started.',
          'More about INPUT_INVALID: https://github.com/paklog/infra-action/blob/v1/docs/troubleshooting.md#input_invalid',
        ].join('\n'),
      },
    ]);
  });

  test('that name what the files do not have', async () => {
    const inputs = { services: 'stroe', images: 'quue: x:1', init: 'a.sql' };
    const { text } = await refusalOf({ inputs });
    expect(text).toContain('init: there is no file "/w/a.sql"');
    expect(text).toContain(
      'services: there is no system or group "stroe" (did you mean store?); there are: all, core,',
    );
    expect(text).toContain('images: there is no service "quue" (did you mean queue?)');
  });

  test('for a system that does not take part', async () => {
    const { text } = await refusalOf({ inputs: { services: 'store', topics: 'a' } });
    expect(text).toContain('topics: needs queue, which is not among the services');
  });

  test('a bind address of another machine', async () => {
    const inputs = { services: 'store', ports: 'dynamic', 'bind-address': '10.9.9.9' };
    const { title, text } = await refusalOf({ inputs, foreignAddress: true });
    expect(title).toContain('INPUT_INVALID');
    expect(text).toContain('bind-address: "10.9.9.9" is not an address of this machine');
  });
});

describe('Compose files of the caller', () => {
  const refusal = (text: string, inputs = {}) =>
    refusalOf({
      inputs: { services: 'none', 'compose-files': 'ci.yaml', ...inputs },
      files: { '/w/ci.yaml': text },
    });

  test('that would expand without end never reach Compose', async () => {
    const level = (n: number) => `x${n}: &x${n} [${Array.from({ length: 9 }, () => `*x${n - 1}`).join(',')}]`;
    const bomb = ['x0: &x0 [a]', ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level)].join('\n');
    const { text } = await refusal(`${bomb}\nservices: { a: { image: a } }\n`);
    expect(text).toContain('compose file ci.yaml: expands without end');
  });

  test('whose catalogue is wrong', async () => {
    const file = `services: { a: { image: a } }\nx-paklog: { systems: { a: { probe: [{ http: { endpoint: e } }] } } }\n`;
    const { text } = await refusal(file);
    expect(text).toContain('x-paklog.systems.a.probe: there is no endpoint e of a');
  });

  test('whose probe asks a port that is not published', async () => {
    const catalogue =
      '{ systems: { a: { endpoints: { e: { port: 80 } }, probe: [{ http: { endpoint: e } }] } } }';
    const { text } = await refusal(`services: { a: { image: a } }\nx-paklog: ${catalogue}\n`);
    expect(text).toContain('asks port 80 of a, which its `ports` do not publish');
  });

  test('that would export what changes later steps', async () => {
    const env = '{ default: { LD_PRELOAD: x, GITHUB_TOKEN: y, FINE: z } }';
    const catalogue = `{ systems: { a: { endpoints: { e: { port: 80, env: ${env} } } } } }`;
    const { text } = await refusal(`services: { a: { image: a } }\nx-paklog: ${catalogue}\n`);
    expect(text).toContain('"LD_PRELOAD" must not be exported');
    expect(text).toContain('"GITHUB_TOKEN" must not be exported');
    expect(text).not.toContain('FINE');
  });

  test('in which two services want one host port, unless ports are chosen', async () => {
    const port = '[{ target: 80, published: "8080", protocol: tcp }]';
    const file = `services: { a: { image: a, ports: ${port} }, b: { image: b, ports: ${port} } }\n`;
    const { text } = await refusal(file);
    expect(text).toContain('ports: a and b both publish 8080/tcp');
    const inputs = { services: 'none', 'compose-files': 'ci.yaml', ports: 'dynamic' };
    const { seen } = await runUp({ inputs, files: { '/w/ci.yaml': file } });
    expect(seen.annotations).toEqual([]);
  });

  test('that Compose cannot use', async () => {
    const configSays = 'service "a" depends on undefined service "b": invalid compose project\n';
    const { title, text } = await refusalOf({ inputs: { services: 'store' }, configSays });
    expect(title).toContain('COMPOSE_INVALID');
    expect(text).toContain('service "a" depends on undefined service "b"');
  });
});

test('every taken port is named with its owner, and nothing is created', async () => {
  const taken = { 7002: 'other-queue-1', 7003: '' };
  const { title, text } = await refusalOf({ inputs: { services: 'queue, store' }, taken });
  expect(title).toBe('infra-action: queue: PORT_TAKEN');
  expect(text).toContain('7002 of queue (by container other-queue-1), 7003 of store (by nginx, process 12)');
});

describe('the engine', () => {
  test.each<[string, Scene, string]>([
    ['is not there', { noDocker: true }, 'DOCKER_MISSING'],
    [
      'does not run',
      { engineSays: 'Cannot connect to the Docker daemon at unix:///x.' },
      'DOCKER_UNAVAILABLE',
    ],
    [
      'refuses this user',
      { engineSays: 'permission denied while trying to connect to x' },
      'DOCKER_PERMISSION',
    ],
    ['has no Compose', { composeSays: "docker: 'compose' is not a docker command." }, 'COMPOSE_MISSING'],
    ['has an old Compose', { composeVersion: '2.19.9' }, 'DOCKER_INCOMPATIBLE'],
    ['has the first Compose', { composeVersion: 'v1.29.2' }, 'DOCKER_INCOMPATIBLE'],
  ])('%s', async (_, scene, code) => {
    const { title } = await refusalOf({ inputs: { services: 'store' }, ...scene });
    expect(title).toBe(`infra-action: PakLog infrastructure: ${code}`);
  });

  test.each(['2.20.0', 'v2.40.3', '5.5.0', '2.20.0-desktop.1'])(
    'is fine with Compose %s',
    async (composeVersion) => {
      const { seen } = await runUp({ inputs: { services: 'store' }, composeVersion });
      expect(seen.annotations).toEqual([]);
    },
  );
});

test('a defect of ours is called one', async () => {
  const { title, text } = await refusalOf({ inputs: { services: 'store' }, configPrints: 'no model' });
  expect(title).toBe('infra-action: PakLog infrastructure: INTERNAL');
  expect(text).toContain('This is a defect of infra-action itself.\nSyntaxError');
});

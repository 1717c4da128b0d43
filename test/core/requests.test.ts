import { describe, expect, test } from 'vitest';
import { readRequest } from '../../src/read-request.ts';
import { stackFile } from '../fakes/run.ts';
import type { Scene } from '../fakes/scene.ts';
import { fakeWorld } from '../fakes/world.ts';

function read(scene: Scene) {
  const files = { '/stack/compose.yaml': stackFile, ...scene.files };
  return readRequest(fakeWorld({ ...scene, files }).world);
}

describe('what the caller wants', () => {
  test('is the stack, where nothing else is said', async () => {
    const wanted = await read({});
    expect(wanted).toMatchObject({
      stackFiles: ['/stack/compose.yaml'],
      ownFiles: [],
      stackServices: ['base', 'queue', 'store', 'top', 'checked', 'once'],
    });
    expect(wanted.inputs.requests).toEqual([]);
  });

  test('may be merged over it, from the stack’s own folder and the workspace', async () => {
    const files = {
      '/w/a.yaml': 'services: { mine: { image: x } }',
      '/abs/b.yaml': 'services: { base: {} }',
    };
    const inputs = { replica: 'true', 'compose-files': 'a.yaml\n/abs/b.yaml' };
    expect(await read({ inputs, files })).toMatchObject({
      stackFiles: ['/stack/compose.yaml', '/stack/replica.yaml'],
      ownFiles: ['/w/a.yaml', '/abs/b.yaml'],
    });
  });

  test('may be without the stack', async () => {
    const files = { '/w/a.yaml': 'services: { mine: { image: x } }' };
    const wanted = await read({ inputs: { services: 'none', 'compose-files': 'a.yaml' }, files });
    expect(wanted).toMatchObject({ stackFiles: [], ownFiles: ['/w/a.yaml'], stackServices: [] });
  });

  test('may be files, which are looked for in the workspace', async () => {
    const files = { '/w/db/a.sql': '', '/abs/b.sql': '' };
    const { inputs } = await read({ inputs: { init: './db/../db/a.sql\n/abs/b.sql' }, files });
    expect(inputs.requests).toMatchObject([{ kind: 'mount', files: ['/w/db/a.sql', '/abs/b.sql'] }]);
  });
});

async function problemsOf(scene: Scene): Promise<string> {
  try {
    await read(scene);
    return '';
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}

describe('names', () => {
  const files = {
    '/w/a.yaml':
      'services: { mine: { image: x } }\nx-paklog: { systems: { mine: { group: apps, endpoints: { e: { port: 80 } } } } }',
    '/w/b.yaml': 'include: [c.yaml]',
  };

  test.each(['mine', 'apps', 'mine, core', '!mine', 'none, mine'])(
    'of the caller’s files: %s',
    async (services) => {
      expect(await problemsOf({ inputs: { services, 'compose-files': 'a.yaml' }, files })).toBe('');
    },
  );

  test.each(['mien', 'app', 'none, core'])('that no file has: %s', async (services) => {
    const text = await problemsOf({ inputs: { services, 'compose-files': 'a.yaml' }, files });
    expect(text).toMatch(/^services: there is no system or group "/);
  });

  test('are left to Compose where a file includes others', async () => {
    expect(await problemsOf({ inputs: { services: 'inner', 'compose-files': 'b.yaml' }, files })).toBe('');
  });

  test('are not blamed where a file cannot be read at all', async () => {
    const inputs = { services: 'mien', 'compose-files': 'a.yaml\nmissing.yaml' };
    const text = await problemsOf({ inputs, files });
    expect(text).toBe('compose file missing.yaml: there is no such file in /w, or it is a folder');
  });
});

describe('paths that mean something else elsewhere are file names here', () => {
  test.each([
    '-f',
    '--help',
    'oci://registry.example/stack',
    'https://example.com/a.yaml',
    'git@example.com:a.git',
  ])('%s', async (name) => {
    const text = await problemsOf({ inputs: { 'compose-files': name } });
    expect(text).toBe(`compose file ${name}: there is no such file in /w, or it is a folder`);
  });
});

test('ten thousand unknown services are answered', async () => {
  const services = Array.from({ length: 10_000 }, (_, index) => `s${index}`).join(',');
  expect(await problemsOf({ inputs: { services } })).toContain('there is no system or group "s9999"');
});

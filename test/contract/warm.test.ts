import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCatalogue } from '../../src/core/catalogue/decode-catalogue.ts';
import type { Json } from '../../src/core/json.ts';
import { decodeModel } from '../../src/core/model.ts';
import { archiveName, withArchives } from '../../src/core/warm/archive.ts';
import { keepArchives } from '../../src/keep-archives.ts';
import type { WarmSetting } from '../../src/seek-archives.ts';
import { warmStarts } from '../../src/warm-starts.ts';
import { realWorld, type World } from '../../src/world.ts';
import { service, stack } from '../core/stack-file.ts';
import { folderCache } from '../fakes/folder-cache.ts';
import { poll } from '../scenarios/caller-stack.ts';
import { docker as ask } from '../scenarios/docker-cli.ts';
import { docker, newProject, type Project } from './project.ts';

// The system of the stack that has a JVM and needs no other system.
const name = 'zookeeper';
const signal = new AbortController().signal;
const { ports: _ports, networks: _networks, volumes: _volumes, ...described } = service(name);
const model: Json = { services: { [name]: described } };

let root = '';
const said: string[] = [];
let world: World = realWorld('');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'warm-'));
  const runner = { ...world.runner, info: (text: string) => void said.push(text), openGroup: () => {} };
  world = { ...world, runner, cache: folderCache(join(root, 'cache')) };
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** One run of the system: decides, creates, starts and waits until it works. */
async function begin(project: Project, directory: string, cache = world.cache) {
  await world.archives.makeFolder(directory);
  const resolved = await project.model(model);
  const image = String(described['image']);
  const setting: WarmSetting = {
    model: decodeModel(resolved),
    catalogue: decodeCatalogue(stack['x-paklog']).catalogue,
    directory,
    architecture: 'amd64',
    here: await docker.imageFacts([image]),
    use: 'write',
  };
  const warm = warmStarts(setting, { ...world, cache }, signal);
  const warming = await warm.settle({ service: name, image }, true);
  const changed = withArchives({ ...resolved }, warming === undefined ? [] : [warming]);
  await writeFile(join(directory, 'model.json'), JSON.stringify(changed));
  await warm.arrived(name);
  return { warm, step: warming?.step, id: await works(project, changed) };
}

async function works(project: Project, changed: Json): Promise<string> {
  const id = (await project.start(changed, [name])).get(name) ?? '';
  const check = ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/2181 && printf ruok >&3 && head -c 4 <&3'];
  const answers = async () => (await docker.execute(id, check, {}, signal)).stdout === 'imok' || undefined;
  await poll(answers, `${name} to answer`);
  return id;
}

/** Whether the JVM has the archive in its memory. */
async function mapped(id: string): Promise<boolean> {
  const { stdout } = await ask(['exec', id, 'cat', '/proc/1/maps']);
  expect(stdout).toContain('libjvm.so');
  // The JDK has an archive of its own, of the same name.
  return stdout.includes(`/paklog-warm-start/${archiveName}`);
}

describe('a real JVM', { timeout: 120_000 }, () => {
  test('starts without an archive, which is written afterwards, and with it the next time', async () => {
    const directory = join(root, 'first');
    {
      await using project = await newProject();
      const { warm, step, id } = await begin(project, directory);
      expect(step).toBe('learn');
      expect(await mapped(id)).toBe(false);
      await warm.leave();
      const closing = { project: project.name, directory, jobStatus: 'success' };
      const logs = { when: 'never', artifact: '', include: [] } as const;
      const record = { outcome: 'success' } as never;
      const story = { record, catalogue: { systems: new Map(), inputs: [] }, outcome: 'success' } as const;
      await keepArchives({ ...closing, logs, teardown: 'always' }, story, 60_000, world);
      expect(said.at(-1)).toMatch(/^zookeeper: archive of \d+ MB, kept for the next run$/);
    }
    await using project = await newProject();
    const { warm, step, id } = await begin(project, join(root, 'second'));
    expect(step).toBe('use');
    expect(await mapped(id)).toBe(true);
    const log = await docker.logs(id, 200);
    expect(log).not.toMatch(/\[cds|\[aot|shared archive|SharedArchive/i);
    await warm.leave();
    expect(said.at(-1)).toBe('Started with class-data archives: zookeeper');
  });

  test.each<[string, (whole: Buffer) => Buffer]>([
    ['truncated', (whole) => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['something else', (whole) => Buffer.alloc(whole.length, 'x')],
    ['of another JVM', (whole) => Buffer.from(whole).fill(0x7f, 8, 10)],
    ['damaged at its beginning', (whole) => Buffer.from(whole).fill(0xff, 40, 120)],
    [
      'damaged in its middle',
      (whole) => Buffer.from(whole).fill(0xff, whole.length / 2, whole.length / 2 + 64),
    ],
  ])('starts as it would without one where the archive is %s', async (_, change) => {
    const damaged = await mkdtemp(join(root, 'damaged-'));
    await cp(join(root, 'cache'), damaged, { recursive: true });
    const [key = ''] = await readdir(damaged);
    const [file = ''] = await readdir(join(damaged, key));
    const whole = await readFile(join(damaged, key, file));
    await rm(join(damaged, key, file));
    await writeFile(join(damaged, key, file), change(whole));
    await using project = await newProject();
    const { step, id } = await begin(project, join(damaged, 'run'), folderCache(damaged));
    expect(step).toBe('use');
    expect(await mapped(id)).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { runCommand } from '../../src/io/command.ts';
import { engineReader } from '../../src/io/docker.ts';
import { poll, script } from '../scenarios/caller-stack.ts';
import { docker, newProject, succeed } from './project.ts';

async function untilExited(id: string): Promise<void> {
  await poll(async () => {
    const [line = '{}'] = succeed(await docker.inspect([id]));
    return JSON.parse(line).status === 'exited' || undefined;
  }, 'end');
}

describe('for the record the engine tells', { timeout: 30_000 }, () => {
  const engine = engineReader(runCommand);

  test('all it knows of containers, one a line', async () => {
    await using project = await newProject();
    const model = await project.model({ services: { a: script('exit 0'), b: script('exit 0') } });
    const ids = await project.start(model, ['a', 'b']);
    const lines = succeed(await engine.inspectWhole([...ids.values()], project.ended));
    expect(lines.map((line) => JSON.parse(line).Id).sort()).toEqual([...ids.values()].sort());
  });

  test('the log of both streams, or its last records, with time stamps', async () => {
    await using project = await newProject();
    const talker = script('for i in 1 2 3; do echo "out $i"; done; sleep 0.2; echo err >&2');
    const id =
      (await project.start(await project.model({ services: { talker } }), ['talker'])).get('talker') ?? '';
    await untilExited(id);
    const read = async (last: number | undefined) => {
      const seen = { stdout: '', stderr: '' };
      const onOutput = (chunk: Buffer, stream: 'stdout' | 'stderr') => {
        seen[stream] += chunk.toString();
      };
      succeed(await engine.readLog(id, last, { signal: project.ended, timeout: 20_000, onOutput }));
      return seen;
    };
    const stamped = (...texts: readonly string[]) =>
      expect.stringMatching(new RegExp(`^${texts.map((text) => `\\S{29}Z ${text}\\n`).join('')}$`));
    expect(await read(undefined)).toEqual({
      stdout: stamped('out 1', 'out 2', 'out 3'),
      stderr: stamped('err'),
    });
    expect(await read(2)).toEqual({ stdout: stamped('out 3'), stderr: stamped('err') });
  });

  test('what has happened since a moment', async () => {
    const since = Date.now();
    await using project = await newProject();
    const ids = await project.start(await project.model({ services: { once: script('exit 0') } }), ['once']);
    await untilExited(ids.get('once') ?? '');
    const actions = async (from: number) =>
      succeed(await engine.pastEvents(from, Date.now(), project.ended))
        .map((line) => JSON.parse(line))
        .filter(({ Actor }) => Actor.Attributes['com.docker.compose.project'] === project.name)
        .map(({ Type, Action }) => `${Type} ${Action}`);
    // The engine tells the state a moment before the event.
    await poll(async () => (await actions(since)).includes('container die') || undefined, 'event');
    expect(await actions(since)).toEqual(expect.arrayContaining(['container create', 'container start']));
    expect(await actions(Date.now())).not.toContain('container create');
  });

  test('what a container uses now, and about itself', async () => {
    await using project = await newProject();
    const ids = await project.start(await project.model({ services: { a: script('sleep 600') } }), ['a']);
    const [line = '{}'] = succeed(await engine.stats(ids.get('a') ?? '', project.ended));
    expect(JSON.parse(line)).toMatchObject({ MemUsage: expect.stringMatching(/^[\d.]+[KM]iB \/ /) });
    const { version, info } = await engine.about(project.ended);
    expect(JSON.parse(succeed(version).join('')).Server.ApiVersion).toMatch(/^1\.\d+$/);
    expect(JSON.parse(succeed(info).join('')).DockerRootDir).toMatch(/^\//);
  });
});

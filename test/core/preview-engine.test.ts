import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/command.ts';
import { type PreviewDocker, previewDocker } from '../../src/io/preview-docker.ts';
import { swarmCli } from '../../src/io/swarm.ts';
import { fine } from '../fakes/command.ts';

/** A `docker` that answers by its first words, and remembers what it was asked. */
function dockerThat(answers: Readonly<Record<string, string>>): { run: Command; asked: string[] } {
  const asked: string[] = [];
  const run: Command = async (argv) => {
    const words = argv.slice(1).join(' ');
    asked.push(words);
    const found = Object.entries(answers).find(([begin]) => words.startsWith(begin));
    if (found === undefined) return { ...fine, exitCode: 1, stderr: 'Error response from daemon: no' };
    return { ...fine, stdout: found[1] };
  };
  return { run, asked };
}

describe('what an engine has of previews', () => {
  const tell = (answers: Readonly<Record<string, string>>): PreviewDocker =>
    previewDocker(dockerThat(answers).run);

  test('is found by labels, each thing once, with all of its labels', async () => {
    const { run, asked } = dockerThat({
      'image ls': 'a\na\nb\n',
      'image inspect': '{"id":"a","labels":{"x":"1"}}\n{"id":"b","labels":null}\n',
    });
    expect(await previewDocker(run).labelled('image', ['x', 'y=2'])).toEqual([
      { kind: 'image', id: 'a', labels: { x: '1' } },
      { kind: 'image', id: 'b', labels: {} },
    ]);
    expect(asked[0]).toBe('image ls --quiet --filter label=x --filter label=y=2');
    expect(asked[1]).toMatch(/ a b$/);
  });

  test('is an error, not nothing, where the engine does not answer', async () => {
    await expect(tell({}).labelled('volume', ['x'])).rejects.toMatchObject({
      failure: { code: expect.any(String) },
    });
  });

  test('has the ports of the host, also those of a range, once for every address', async () => {
    const lines = [
      'p\tweb\t0.0.0.0:20001->8080/tcp, [::]:20001->8080/tcp, 9090/tcp',
      '\t\t127.0.0.1:30000-30001->80-81/tcp',
      'p\tcache\t6379/tcp',
    ];
    const ports = await tell({ 'container ls': lines.join('\n') }).publishedPorts();
    expect(ports.filter(({ project }) => project === 'p')).toEqual([
      { project: 'p', service: 'web', target: 8080, port: 20_001 },
      { project: 'p', service: 'web', target: 8080, port: 20_001 },
    ]);
    expect(ports.filter(({ project }) => project === '').map(({ port, target }) => [port, target])).toEqual([
      [30_000, 80],
      [30_001, 81],
    ]);
  });

  test('has volumes that images declare, and containers that nothing brings back', async () => {
    const anonymous = '0f'.repeat(32);
    const volumes = tell({ 'container inspect': `p_data\n\n${anonymous}\n` });
    expect(await volumes.looseVolumes(['a'])).toEqual([anonymous]);
    const policies = tell({ 'container inspect': 'aa no\nbb unless-stopped\ncc \n' });
    expect(await policies.unguarded(['aa', 'bb', 'cc'])).toEqual(['aa', 'cc']);
  });
});

describe('a Swarm', () => {
  test('waits for tasks to end, with a client that can', async () => {
    const { run, asked } = dockerThat({ 'stack rm': '' });
    await swarmCli(run).remove('p');
    expect(asked).toEqual(['stack rm --detach=false p']);
  });

  test('is taken down by an older client, too', async () => {
    const asked: string[] = [];
    const run: Command = async (argv) => {
      asked.push(argv.slice(1).join(' '));
      const old = argv.includes('--detach=false');
      return old ? { ...fine, exitCode: 125, stderr: 'unknown flag: --detach' } : fine;
    };
    expect((await swarmCli(run).remove('p')).exitCode).toBe(0);
    expect(asked).toEqual(['stack rm --detach=false p', 'stack rm p']);
  });

  test('says how the engine takes part in it', async () => {
    const manager = '{"LocalNodeState":"active","ControlAvailable":true,"Nodes":3}';
    expect(await swarmCli(dockerThat({ info: manager }).run).state()).toEqual({
      active: true,
      manages: true,
      nodes: 3,
    });
    const none = '{"LocalNodeState":"inactive","ControlAvailable":false,"RemoteManagers":null}';
    expect(await swarmCli(dockerThat({ info: none }).run).state()).toMatchObject({
      active: false,
      manages: false,
    });
  });
});

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, runJob, stepOf, use } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import { nodePath } from '../runner/node.ts';
import { bring, type Caller, image, repository, script, uniqueName } from './caller-stack.ts';
import { docker } from './docker-cli.ts';

const caller: Caller = {
  services: { ledger: script('sleep 600', { volumes: ['data:/data', '/scratch'] }) },
  volumes: { data: {} },
};

/** A later step that fails; post still runs. */
const failing = run('tests', ['sh', '-c', 'exit 3']);

describe('post', { timeout: 30_000 }, () => {
  test('takes everything down after success', async () => {
    const job = await bring(caller);
    expect(job.conclusion, job.text).toBe('success');
    expect(stepOf(job, 'stack', 'post').log.join('\n')).toContain('no container, network or volume is left');
    expect(job.left).toEqual([]);
  });

  test('takes everything down after a failed step, and adds no error of its own', async () => {
    const job = await bring(caller, { later: [failing] });
    expect(job.conclusion).toBe('failure');
    expect(stepOf(job, 'stack', 'post').annotations).toEqual([]);
    expect(job.left.filter((path) => !path.startsWith('temp/infra-action-logs/'))).toEqual([]);
  });

  test('removes what a step has started beside the stack under its project', async () => {
    const project = uniqueName();
    const beside = run('beside', async ({ exec }) => {
      const label = `com.docker.compose.project=${project}`;
      await exec(['docker', 'volume', 'create', '--label', label, `${project}-extra`]);
      await exec(['docker', 'run', '--detach', '--init', '--label', label, image, 'sleep', '600']);
    });
    const job = await bring(caller, { with: { 'project-name': project }, later: [beside] });
    expect(job.conclusion, job.text).toBe('success');
  });

  test('leaves a neighbour’s project, and its files and volumes, alone', async () => {
    const neighbour = uniqueName();
    const volume = ['volume', 'create', '--label', `com.docker.compose.project=${neighbour}`, neighbour];
    expect((await docker(volume)).code).toBe(0);
    try {
      const compose = JSON.stringify({ services: { x: { image } }, volumes: { x: { name: neighbour } } });
      const job = await bring(caller, { files: { 'compose.yaml': compose } });
      expect(job.conclusion, job.text).toBe('success');
      expect((await docker(['volume', 'inspect', neighbour])).code).toBe(0);
    } finally {
      await docker(['volume', 'rm', neighbour]);
    }
  });

  test('that finds no engine says that it does not know what is left, and stays green', async () => {
    const project = uniqueName();
    const leaks = await leaksOf();
    const job = await runJob({
      files: { 'caller.yaml': JSON.stringify(caller) },
      steps: [
        use({ id: 'stack', action: repository, with: stack(project) }),
        run('engine gone', ['sh', '-c', 'echo DOCKER_HOST=unix:///nonexistent >> "$GITHUB_ENV"']),
      ],
    });
    expect((await docker(['compose', '-p', project, 'down', '--volumes'])).code).toBe(0);
    expect(await leaks()).toEqual([]);
    expect(job.conclusion, job.text).toBe('success');
    const [warning] = stepOf(job, 'stack', 'post').annotations;
    expect(warning?.level).toBe('warning');
    expect(warning?.message).toContain(`docker compose -p ${project} down --volumes`);
  });
});

function stack(project: string): Record<string, string> {
  return { services: 'none', 'compose-files': 'caller.yaml', 'project-name': project };
}

test('`teardown: never` keeps the stack and prints a command that removes it', {
  timeout: 30_000,
}, async () => {
  const project = uniqueName();
  const leaks = await leaksOf();
  const job = await runJob({
    files: { 'caller.yaml': JSON.stringify(caller) },
    steps: [use({ id: 'stack', action: repository, with: { ...stack(project), teardown: 'never' } })],
  });
  const kept = await docker(['ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`]);
  const printed = /`docker (compose -p .+ down --volumes)`/.exec(stepOf(job, 'stack', 'post').log.join('\n'));
  const removed = await docker(printed?.[1]?.split(' ') ?? ['compose', '-p', project, 'down', '--volumes']);
  expect(kept.stdout.split('\n').filter((id) => id !== '')).toHaveLength(1);
  expect(printed?.[1], job.text).toContain(project);
  expect(removed.code, removed.output).toBe(0);
  expect(await leaks()).toEqual([]);
});

describe('post with a state that', () => {
  const postWith = (env: Readonly<Record<string, string>>) => {
    const post = run('post', [nodePath(), join(repository, 'dist/post/index.js')], { id: 'post', env });
    return runJob({ steps: [post] });
  };

  test('is missing has nothing to do', async () => {
    const job = await postWith({});
    expect(job.conclusion, job.text).toBe('success');
    expect(stepOf(job, 'post').log).toContain('Nothing was started, nothing to take down.');
    expect(stepOf(job, 'post').annotations).toEqual([]);
  });

  const damaged = {
    'is no JSON': '{"version":2,"project":',
    'is of another version': '{"version":99,"project":"a","directory":"/tmp/a"}',
    'names no project that could be ours': '{"version":2,"project":"--all","directory":"/"}',
  };
  test.each(Object.entries(damaged))(
    '%s warns, touches nothing, and the job stays green',
    async (_, state) => {
      const job = await postWith({ 'STATE_infra-action': state });
      expect(job.conclusion, job.text).toBe('success');
      expect(stepOf(job, 'post').annotations).toMatchObject([
        { level: 'warning', message: expect.stringContaining('nothing was taken down') },
      ]);
    },
  );
});

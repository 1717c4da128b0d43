import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import { judgeStack, readServices, readTasks, stackPorts, waitsFor } from '../../src/core/preview/tasks.ts';

const container = { Image: 'web:1', Env: ['A=b'] };
// The API fills defaults in for services, and leaves them out for tasks.
const template = { ContainerSpec: { ...container, StopGracePeriod: 10_000_000_000, DNSConfig: {} } };

function service(name: string, mode: Json = { Replicated: { Replicas: 1 } }): Json {
  const spec = {
    Name: `p_${name}`,
    Labels: { 'com.docker.stack.namespace': 'p' },
    Mode: mode,
    TaskTemplate: template,
  };
  return { ID: name, Spec: spec };
}

function task(name: string, state: string, more: Json = {}): Json {
  const { image = 'web:1', err = '', code = 0, desired = 'running' } = more;
  const status = { State: state, Err: err, ContainerStatus: { ExitCode: code } };
  const spec = { ContainerSpec: { ...container, Image: image } };
  return {
    ID: `${name}-${state}`,
    ServiceID: name,
    Spec: spec,
    Status: status,
    DesiredState: desired,
    NodeID: 'n1',
  };
}

function verdictOf(services: readonly Json[], tasks: readonly Json[], forgiven: readonly string[] = []) {
  const known = readServices(services, 'p');
  return judgeStack(known, readTasks(services, tasks, 'p'), new Set(forgiven)).get('web');
}

describe('a service of a stack', () => {
  const web = service('web');

  test('works once as many tasks run what it says now', () => {
    expect(verdictOf([web], [task('web', 'running')])).toEqual({ kind: 'works' });
    expect(verdictOf([web], [task('web', 'running', { image: 'web:0' })])).toEqual({ kind: 'waiting' });
    const two = service('web', { Replicated: { Replicas: 2 } });
    expect(verdictOf([two], [task('web', 'running')])).toEqual({ kind: 'waiting' });
  });

  test('that is a job has worked once a task has come to its end', () => {
    const job = service('web', { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } });
    expect(verdictOf([job], [task('web', 'running')])).toEqual({ kind: 'waiting' });
    expect(verdictOf([job], [task('web', 'complete')])).toEqual({ kind: 'completed' });
  });

  test('on every node works when all that are asked for run', () => {
    const everywhere = service('web', { Global: {} });
    expect(verdictOf([everywhere], [])).toEqual({ kind: 'waiting' });
    expect(verdictOf([everywhere], [task('web', 'running'), task('web', 'starting')])).toEqual({
      kind: 'waiting',
    });
    expect(verdictOf([everywhere], [task('web', 'running')])).toEqual({ kind: 'works' });
  });

  test.each([
    ['failed', { code: 3, err: 'task: non-zero exit (3)' }, 'SERVICE_EXITED', 'web exited with code 3.'],
    [
      'failed',
      { code: 137, err: 'task: non-zero exit (137): OOM killed' },
      'SERVICE_OOM',
      'ran out of memory',
    ],
    [
      'failed',
      { err: 'task: non-zero exit (0): dockerexec: unhealthy container' },
      'SERVICE_UNHEALTHY',
      'unhealthy',
    ],
    ['rejected', { err: 'No such image: web:1' }, 'SERVICE_EXITED', 'could not run web'],
  ])('fails with a task that has %s: %j', (state, more, code, what) => {
    expect(verdictOf([web], [task('web', state, more)])).toMatchObject({
      kind: 'failed',
      failure: { code, system: 'web', what: expect.stringContaining(what) },
    });
  });

  test('does not fail by what is forgiven, or ran something else', () => {
    expect(verdictOf([web], [task('web', 'failed')], ['web-failed'])).toEqual({ kind: 'waiting' });
    const before = task('web', 'failed', { image: 'web:0' });
    expect(verdictOf([web], [before, task('web', 'running')])).toEqual({ kind: 'works' });
  });

  test('says what it waits for', () => {
    const err = 'no suitable node (insufficient resources on 2 nodes)';
    const tasks = readTasks([web], [task('web', 'pending', { err })], 'p');
    expect(waitsFor('web', tasks)).toBe(`pending: ${err}`);
    expect(waitsFor('cache', tasks)).toBe('');
  });
});

test('ports of services are known by stack, service and target', () => {
  const published = { ...service('web'), Endpoint: { Ports: [{ TargetPort: 8080, PublishedPort: 20_001 }] } };
  expect(stackPorts([published, service('cache')])).toEqual([
    { project: 'p', service: 'web', target: 8080, port: 20_001 },
  ]);
});

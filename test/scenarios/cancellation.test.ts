import { describe, expect, test } from 'vitest';
import { type JobResult, run, stepOf } from '../runner/job.ts';
import { type ResultsService, resultsService } from '../runner/results-service.ts';
import { bring, type Caller, checked, container, script, uniqueName } from './caller-stack.ts';
import { docker } from './docker-cli.ts';
import { brokenRegistry } from './registry.ts';

/** Enough containers, networks and volumes that creating and starting them takes a while. */
const many: Caller = {
  services: Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [
      `worker-${index}`,
      checked('sleep 600', 'true', { volumes: [`data-${index}:/data`, '/scratch'] }),
    ]),
  ),
  volumes: Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`data-${index}`, {}])),
};
const never: Caller = { services: { ledger: checked('sleep 600', 'false') } };
const quick: Caller = { services: { ledger: script('sleep 600') } };

/** The first moment of the job's log after this text, in milliseconds. */
function momentOf(job: JobResult, stage: 'main' | 'post'): number {
  return job.log.find((line) => line.step === 'stack' && line.stage === stage)?.milliseconds ?? Number.NaN;
}

/** Main ended by itself between SIGINT and SIGTERM, took its children along, and post left nothing. */
function expectCancelled(job: JobResult, cancelledAt: number): void {
  expect(job.conclusion, job.text).toBe('cancelled');
  expect(job.orphans).toEqual([]);
  expect(job.text).toContain('Cancelled; post takes down what was started.');
  expect(momentOf(job, 'post') - cancelledAt).toBeLessThan(7500);
  expect(stepOf(job, 'stack', 'post').conclusion, job.text).toBe('success');
}

async function cancelled(
  caller: Caller,
  when: (project: string) => RegExp | Promise<unknown>,
): Promise<void> {
  const project = uniqueName();
  const began = performance.now();
  let at = Number.NaN;
  const moment = when(project);
  const remember = () => {
    at = performance.now() - began;
  };
  if (moment instanceof Promise) void moment.then(remember);
  await using results = await resultsService();
  const job = await bring(caller, {
    with: { 'project-name': project },
    actionEnv: results.env,
    interrupts: [{ what: 'cancel', when: moment }],
    onLine: ({ text }) => (moment instanceof RegExp && moment.test(text) ? remember() : undefined),
  });
  expectCancelled(job, at);
  expectEvidence(results);
}

/** Whatever was there at the end has left its evidence, and the report knows how the job ended. */
function expectEvidence({ artifacts }: ResultsService): void {
  expect(artifacts).toHaveLength(1);
  const files = artifacts[0]?.files ?? new Map<string, Buffer>();
  const report: { outcome: string; systems: { service: string; containers: unknown[] }[] } = JSON.parse(
    files.get('report.json')?.toString() ?? '{}',
  );
  expect(report.outcome).toBe('cancelled');
  const ran = report.systems.filter(({ containers }) => containers.length > 0);
  expect(ran.filter(({ service }) => !files.has(`${service}/container.json`))).toEqual([]);
}

describe('a job that is cancelled', { timeout: 60_000 }, () => {
  test('while it plans', () => cancelled(many, () => /^Docker Engine /));

  test('while it pulls', async () => {
    await using registry = await brokenRegistry('drips');
    const ledger = { image: `${registry.address}/ledger:1` };
    await cancelled({ services: { ...quick.services, slow: ledger } }, () => registry.pulling);
  });

  test('while containers are created', () => cancelled(many, (project) => container(project, 'any')));

  test('while containers start', () => cancelled(many, (project) => container(project, 'running')));

  test('while it waits', () => cancelled(never, (project) => healthChecked(project)));

  test('in a step of its own', async () => {
    const job = await bring(quick, {
      later: [run('user', ['sh', '-c', 'echo tests run; exec sleep 600'], { id: 'user' })],
      interrupts: [{ what: 'cancel', when: /^tests run$/ }],
    });
    expect(job.conclusion).toBe('cancelled');
    expect(stepOf(job, 'stack').conclusion).toBe('success');
    expect(stepOf(job, 'stack', 'post').conclusion, job.text).toBe('success');
  });

  test('while post collects the evidence', async () => {
    await using results = await resultsService();
    const job = await bring(quick, {
      actionEnv: results.env,
      later: [run('user', ['sh', '-c', 'exit 3'], { id: 'user' })],
      interrupts: [{ what: 'cancel', when: /^##\[group\]Evidence$/ }],
    });
    expect(stepOf(job, 'stack', 'post').conclusion, job.text).toBe('success');
    expect(results.artifacts[0]?.files.has('ledger/log.txt')).toBe(true);
  });
});

/** The health check has failed at least once: main is waiting for sure. */
async function healthChecked(project: string): Promise<void> {
  const id = await container(project, 'running');
  await docker([
    'events',
    '--since',
    '1m',
    '--filter',
    `container=${id}`,
    '--filter',
    'event=exec_die',
    '--until',
    '1s',
  ]);
}

describe('a main that dies of SIGKILL', { timeout: 60_000 }, () => {
  const moments = { created: 'any', started: 'running' } as const;
  test.each(Object.entries(moments))('after its first container was %s leaves nothing', async (_, state) => {
    const project = uniqueName();
    const job = await bring(many, {
      with: { 'project-name': project },
      interrupts: [{ what: 'kill', when: container(project, state) }],
    });
    expect(job.conclusion).toBe('failure');
    expect(stepOf(job, 'stack').exitCode).not.toBe(1);
    expect(stepOf(job, 'stack', 'post').conclusion, job.text).toBe('success');
    expect(stepOf(job, 'stack', 'post').annotations, job.text).toEqual([]);
  });

  test('while it pulls leaves nothing', async () => {
    await using registry = await brokenRegistry('drips');
    const job = await bring(
      { services: { ...quick.services, slow: { image: `${registry.address}/ledger:1` } } },
      { interrupts: [{ what: 'kill', when: registry.pulling }] },
    );
    expect(job.conclusion).toBe('failure');
    expect(stepOf(job, 'stack', 'post').conclusion, job.text).toBe('success');
  });
});

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { type JobOptions, type JobResult, runJob, stepOf, use } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import type { Annotation } from '../runner/step-log.ts';
import { docker } from './docker-cli.ts';
import { matchGolden } from './golden.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

const stack = parse(readFileSync(join(repository, 'compose/compose.yaml'), 'utf8'), { merge: true });

/** The smallest of the stack's images; it has a shell, and a server with a protocol. */
export const image: string = stack.services.redis.image;

/** A caller's Compose file; JSON is YAML. */
export interface Caller {
  readonly services: Readonly<Record<string, object>>;
  readonly volumes?: Readonly<Record<string, object>>;
  readonly 'x-paklog'?: object;
}

/** A service whose main process is a shell script, as Compose wants it written. */
export function script(text: string, more: object = {}): object {
  return { image, init: true, command: ['sh', '-c', text.replaceAll('$', '$$$$')], ...more };
}

/** A service that counts as working only once its own health check passes. */
export function checked(text: string, test: string, more: object = {}): object {
  const healthcheck = { test: ['CMD-SHELL', test], interval: '300ms', retries: 1000 };
  return script(text, { healthcheck, ...more });
}

/** A Redis that is published, and the catalogue's entry for it. */
export function redis(port: number, more: object = {}): object {
  return { image, ports: [`${port}:6379`], ...more };
}

/** A catalogue entry that probes Redis from the host, as the given answer. */
export function redisEntry(answer = '+PONG'): object {
  const exchange = [{ send: [{ text: 'PING\r\n' }], expect: { starts: [{ text: answer }] } }];
  return { endpoints: { redis: { port: 6379 } }, probe: [{ tcp: { endpoint: 'redis', exchange } }] };
}

export interface Bringing extends Omit<JobOptions, 'steps'> {
  readonly with?: Readonly<Record<string, string>>;
  /** Steps after the action. */
  readonly later?: JobOptions['steps'];
  /** What happens beside the job, once the project has begun. */
  readonly beside?: (project: string) => Promise<void>;
}

export interface Brought extends JobResult {
  readonly project: string;
}

export function uniqueName(): string {
  return `caller-${randomUUID().slice(0, 8)}`;
}

/** Runs a job that brings a caller's own stack up, and asserts that the machine is as it was before. */
export async function bring(caller: Caller | string, options: Bringing = {}): Promise<Brought> {
  const { later = [], beside, with: given, files, ...job } = options;
  const project = given?.['project-name'] ?? uniqueName();
  const text = typeof caller === 'string' ? caller : JSON.stringify(caller);
  const inputs = { services: 'none', 'compose-files': 'caller.yaml', 'project-name': project, ...given };
  const leaks = await leaksOf();
  const running = runJob({
    ...job,
    files: { 'caller.yaml': text, ...files },
    steps: [use({ id: 'stack', action: repository, with: inputs }), ...later],
  });
  const [result] = await Promise.all([running, beside?.(project)]);
  expect(await leaks(), result.text).toEqual([]);
  return { ...result, project };
}

/**
 * The one annotation of a job that fails in the action; post comes after it without a word of complaint. Annotation and
 * summary are held against the test's golden copy, which a person can read.
 */
export async function failureOf(job: JobResult): Promise<Annotation> {
  const main = stepOf(job, 'stack');
  const post = stepOf(job, 'stack', 'post');
  const errors = job.steps.flatMap(({ annotations }) => annotations);
  expect(errors, job.text).toHaveLength(1);
  expect({ job: job.conclusion, main: main.exitCode, post: post.exitCode }, job.text).toEqual({
    job: 'failure',
    main: 1,
    post: 0,
  });
  const [failure] = main.annotations;
  if (failure === undefined) throw new Error(job.text);
  expect(failure.level).toBe('error');
  expect(failure.message).toMatch(/^.+\nWhy: .+\nWhat to do: .+/s);
  await matchGolden(failure, main.summary);
  return failure;
}

/** Asks until the answer is there. */
export async function poll<T>(ask: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`after a minute there is still no ${what}`);
    await sleep(50);
  }
}

/** The ID of a project's first container in this state, as soon as there is one. */
export function container(project: string, status: 'running' | 'created' | 'any'): Promise<string> {
  const state = status === 'any' ? [] : ['--filter', `status=${status}`];
  const label = `label=com.docker.compose.project=${project}`;
  return poll(async () => {
    const { stdout } = await docker(['ps', '--all', '--quiet', '--filter', label, ...state]);
    return stdout.split('\n')[0] || undefined;
  }, `${status} container of ${project}`);
}

/** A listening port of this process, given up at the end of the test. */
export async function listen(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no TCP address');
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port: bound.port, [Symbol.asyncDispose]: close };
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  await using held = await listen();
  return held.port;
}

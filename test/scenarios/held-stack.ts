import { once } from 'node:events';
import { afterAll, beforeAll, expect } from 'vitest';
import { type JobResult, run, runJob, use } from '../runner/job.ts';
import { leaksOf } from '../runner/leaks.ts';
import type { Shell } from '../runner/steps.ts';
import { repository } from './caller-stack.ts';

/** A job that stands between the action's main and its post, so that tests can use what is up. */
export interface HeldStack extends AsyncDisposable {
  /** The environment of the step after the action. */
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly exec: Shell['exec'];
  /** Lets the job go on to post, and gives its result; asked again, the same. */
  release(): Promise<JobResult>;
}

/** One endpoint in the output `services`. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly network: { readonly host: string; readonly port: number; readonly url: string };
}

export type Services = Readonly<
  Record<string, { readonly image: string; readonly endpoints: Readonly<Record<string, Address>> }>
>;

/** Runs the built action and holds the job there; throws with the job's log when the action fails. */
export async function holdStack(
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<HeldStack> {
  const up = Promise.withResolvers<Shell>();
  const letGo = Promise.withResolvers<void>();
  const steps = [
    use({ id: 'infra', action: repository, with: inputs }),
    run('hold', async (shell) => {
      up.resolve(shell);
      await Promise.race([letGo.promise, once(shell.signal, 'abort')]);
    }),
  ];
  const job = runJob({ steps, files });
  const failed = job.then(({ text }) => Promise.reject(new Error(`The action failed:\n${text}`)));
  failed.catch(() => undefined);
  const shell = await Promise.race([up.promise, failed]);
  const release = () => {
    letGo.resolve();
    return job;
  };
  return {
    env: shell.env,
    outputs: shell.outputs['infra'] ?? {},
    workspace: shell.workspace,
    exec: shell.exec,
    release,
    [Symbol.asyncDispose]: async () => void (await release()),
  };
}

/** Holds a stack for all tests of the surrounding `describe`; when they are done it has to go well and leave nothing. */
export function holdForTests(
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): () => HeldStack {
  let stack: HeldStack | undefined;
  let leaks = async (): Promise<string[]> => [];
  beforeAll(async () => {
    leaks = await leaksOf();
    stack = await holdStack(inputs, files);
  }, 360_000);
  afterAll(async () => {
    const job = await stack?.release();
    expect(await leaks()).toEqual([]);
    if (job !== undefined) expect(job.conclusion, job.text).toBe('success');
  }, 120_000);
  return () => {
    if (stack === undefined) throw new Error('The stack is not up.');
    return stack;
  };
}

/** An output; an empty one is a defect wherever it is asked for. */
export function output(stack: HeldStack, name: string): string {
  const value = stack.outputs[name] ?? '';
  if (value === '') throw new Error(`The action gave no output '${name}'.`);
  return value;
}

export function servicesOf(stack: HeldStack): Services {
  return JSON.parse(output(stack, 'services')) as Services;
}

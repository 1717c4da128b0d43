import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inputEnvironment, readAction, resolveInputs } from './action-yml.ts';
import { holds } from './condition.ts';
import { contextsOf } from './contexts.ts';
import { contextEnvironment } from './environment.ts';
import { type Execution, executeBody, executeProgram } from './execution.ts';
import { commandFileEnvironment, createCommandFiles } from './file-commands.ts';
import { type Job, type Stage, stopRunningIfDue } from './job-state.ts';
import { nodeCommand } from './node.ts';
import { applyCommandFiles } from './step-effects.ts';
import { annotate, createStepLog, print, receive, type StepLog } from './step-log.ts';
import type { StepOutcome, StepResult, UseStep } from './steps.ts';

export async function runStage(job: Job, stage: Stage): Promise<StepResult> {
  const { id, name, continueOnError } = stage.step;
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
    job.write(stage, line);
  };
  const log = createStepLog(job.masks, write, job.debug);
  const facts = { id, name, stage: stage.part, log: lines, annotations: log.annotations };
  const skipped = { outcome: 'skipped', conclusion: 'skipped', exitCode: undefined } as const;
  if (!holds(stage.condition, job.status)) {
    return { ...facts, ...skipped, outputs: {}, summary: '', seconds: 0, usage: undefined };
  }
  const began = performance.now();
  const files = await createCommandFiles(job.folders.commands, randomUUID());
  const usageFile = join(job.folders.root, `usage-${randomUUID()}.json`);
  const exit = await execute(job, stage, log, () =>
    launch(job, stage, log, commandFileEnvironment(files), usageFile),
  );
  const effects = await applyCommandFiles(job, stage, files, log);
  const outcome = log.failed && exit.outcome === 'success' ? 'failure' : exit.outcome;
  const conclusion = outcome === 'failure' && continueOnError ? 'success' : outcome;
  const usage = await readFile(usageFile, 'utf8').then(JSON.parse, () => undefined);
  const seconds = (performance.now() - began) / 1000;
  return { ...facts, ...effects, outcome, conclusion, exitCode: exit.exitCode, usage, seconds };
}

interface Exit {
  readonly outcome: StepOutcome;
  readonly exitCode: number | undefined;
}

async function execute(
  job: Job,
  stage: Stage,
  log: StepLog,
  launched: () => Promise<Execution>,
): Promise<Exit> {
  let cause: 'cancelled' | 'timeout' | undefined;
  const finished = new AbortController();
  try {
    const execution = await launched();
    const stop = (why: typeof cause): void => {
      if (cause === undefined) execution.cancel();
      cause ??= why;
    };
    job.running = { condition: stage.condition, cancel: () => stop('cancelled'), kill: execution.kill };
    stopRunningIfDue(job);
    void afterMinutes(stage.step.timeoutMinutes, finished.signal).then((due) => due && stop('timeout'));
    const exitCode = await execution.done;
    if (cause !== undefined) throw new Error('The operation was canceled.');
    if (exitCode !== 0 && stage.step.kind === 'run') {
      annotate(log, 'error', `Process completed with exit code ${exitCode ?? 137}.`);
    }
    return { outcome: exitCode === 0 ? 'success' : 'failure', exitCode };
  } catch (error) {
    const { name, timeoutMinutes } = stage.step;
    const late = `The action '${name}' has timed out after ${timeoutMinutes} minutes.`;
    annotate(
      log,
      'error',
      cause === 'timeout' ? late : cause === 'cancelled' ? 'The operation was canceled.' : message(error),
    );
    return { outcome: cause === 'cancelled' ? 'cancelled' : 'failure', exitCode: undefined };
  } finally {
    finished.abort();
    job.running = undefined;
  }
}

async function afterMinutes(minutes: number | undefined, finished: AbortSignal): Promise<boolean> {
  if (minutes === undefined) return false;
  return sleep(minutes * 60_000, true, { signal: finished }).catch(() => false);
}

async function launch(
  job: Job,
  stage: Stage,
  log: StepLog,
  fileEnv: Readonly<Record<string, string>>,
  usageFile: string,
): Promise<Execution> {
  const { folders, grace } = job;
  const { step } = stage;
  const exported = { ...Object.fromEntries(job.env), ...step.env };
  const context = {
    ...contextEnvironment(job.github, job.runner),
    GITHUB_ACTION: step.id,
    ...fileEnv,
  };
  const path = [...job.path, job.env.get('PATH') ?? job.host['PATH'] ?? ''].join(':');
  const env = { ...job.host, ...exported, PATH: path, ...context };
  const base = { cwd: folders.workspace, grace, onLine: (line: string) => receive(log, line) };
  if (step.kind === 'use') {
    const action = await prepareAction(job, { ...stage, step }, log, exported);
    const state = [...stage.state].map(([name, value]) => [`STATE_${name}`, value]);
    const own = { ...Object.fromEntries(state), ...action.inputs, ...job.actionEnv };
    return executeProgram(nodeCommand(action.entry, usageFile), { ...base, env: { ...env, ...own } });
  }
  printHeader(log, step.name, new Map(), exported);
  const place = {
    workspace: folders.workspace,
    temp: folders.temp,
    outputs: Object.fromEntries(job.outputs),
  };
  if (typeof step.body === 'function') return executeBody(step.body, { ...base, env }, place);
  return executeProgram(step.body, { ...base, env });
}

/** Post is registered before main runs, so that a main that dies is still cleaned up after. */
async function prepareAction(
  job: Job,
  stage: Stage & { step: UseStep },
  log: StepLog,
  exported: Record<string, string>,
) {
  const action = await readAction(stage.step.action);
  const inputs = resolveInputs(action, stage.step.with, contextsOf(job));
  if (stage.part === 'main' && action.post !== undefined) {
    job.posts.push({ ...stage, part: 'post', condition: action.postIf });
  }
  if (inputs.warning !== undefined) annotate(log, 'warning', inputs.warning);
  if (stage.part === 'post') print(log, 'Post job cleanup.');
  else printHeader(log, stage.step.name, inputs.values, exported);
  const entry = stage.part === 'post' ? (action.post ?? '') : action.main;
  return { entry, inputs: inputEnvironment(inputs.values) };
}

/** Every step shows what it was given, exported variables too: a value that nobody masked becomes public here. */
function printHeader(
  log: StepLog,
  name: string,
  inputs: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): void {
  const given = [...inputs].filter(([, value]) => value !== '');
  const lines = [
    `##[group]Run ${name}`,
    ...(given.length > 0 ? ['with:', ...given.map(([key, value]) => `  ${key}: ${value}`)] : []),
    ...(Object.keys(env).length > 0
      ? ['env:', ...Object.entries(env).map(([key, value]) => `  ${key}: ${value}`)]
      : []),
    '##[endgroup]',
  ];
  for (const line of lines) print(log, line);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

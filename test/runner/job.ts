import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Grace, runnerGrace } from './child.ts';
import type { JobStatus } from './condition.ts';
import { noStrategy } from './contexts.ts';
import { createFolders, type Folders, githubContext, hostEnvironment, runnerContext } from './environment.ts';
import { type Interrupt, type Watch, watchFor } from './interrupts.ts';
import { type Job, type Stage, stopRunningIfDue } from './job-state.ts';
import { underGuard } from './last-rites.ts';
import { createMasks } from './masks.ts';
import { endOrphans } from './orphans.ts';
import { trackingName } from './process-table.ts';
import { runStage } from './stage.ts';
import type { RunStep, StepResult, UseStep } from './steps.ts';

export { run, use } from './steps.ts';

export interface JobOptions {
  readonly steps: ReadonlyArray<UseStep | RunStep>;
  /** The job's `env`. */
  readonly env?: Readonly<Record<string, string>>;
  /** What only actions are told: `ACTIONS_RESULTS_URL` and its like. */
  readonly actionEnv?: Readonly<Record<string, string>>;
  /** Over the defaults of the `github` context: `event_name`, `ref`, `run_id`, `job`, … */
  readonly github?: Readonly<Record<string, string>>;
  readonly event?: unknown;
  /** This job's entry of a matrix. */
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** Over what a job without a strategy has: `job-index`, `job-total`, … */
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly secrets?: readonly string[];
  /** What a checkout would have left in the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  readonly interrupts?: readonly Interrupt[];
  readonly timeoutMinutes?: number;
  readonly debug?: boolean;
  readonly grace?: Grace;
  readonly onLine?: (line: LogLine) => void;
}

interface LogLine {
  readonly step: string;
  readonly stage: 'main' | 'post';
  readonly text: string;
  readonly milliseconds: number;
}

export interface JobResult {
  readonly conclusion: JobStatus;
  readonly steps: readonly StepResult[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: readonly LogLine[];
  /** The log as one text, masked as people see it. */
  readonly text: string;
  /** Names of the processes that the job had left running; the runner ended them. */
  readonly orphans: readonly string[];
  /** Files left in the temporary folder (`tmp/`) and in `RUNNER_TEMP` (`temp/`); the runner removed them. */
  readonly left: readonly string[];
}

/** Runs a job as GitHub's runner does and removes what belongs to it. Rejects only for mistakes in the job's own definition. */
export async function runJob(options: JobOptions): Promise<JobResult> {
  const folders = await createFolders(options.github?.['repository'] ?? 'octo/shop', options.files ?? {});
  try {
    return await runIn(folders, options);
  } finally {
    await rm(folders.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runIn(folders: Folders, options: JobOptions): Promise<JobResult> {
  const began = performance.now();
  const log: LogLine[] = [];
  const watch = watchFor(options.interrupts ?? [], (what) => interrupt(job, what));
  const write = ({ step, part }: Stage, text: string): void => {
    const line = { step: step.id, stage: part, text, milliseconds: Math.round(performance.now() - began) };
    log.push(line);
    options.onLine?.(line);
    watch.line(text);
  };
  const job = createJob(folders, options, write);
  await mkdir(dirname(job.github['event_path'] ?? ''), { recursive: true });
  await writeFile(job.github['event_path'] ?? '', JSON.stringify(job.event));
  const overdue = new AbortController();
  if (options.timeoutMinutes !== undefined) {
    const limit = sleep(options.timeoutMinutes * 60_000, undefined, { signal: overdue.signal });
    limit.then(() => interrupt(job, 'cancel')).catch(() => undefined);
  }
  const mark = job.host[trackingName] ?? '';
  const release = underGuard(folders.root, mark);
  const steps = await runStages(job, options.steps, watch).finally(() => overdue.abort());
  const orphans = await endOrphans(mark).finally(release);
  const text = log.map((line) => line.text).join('\n');
  const conclusion = job.died ? 'failure' : job.status;
  return {
    conclusion,
    steps,
    env: Object.fromEntries(job.env),
    log,
    text,
    orphans,
    left: await listLeft(folders),
  };
}

function createJob(folders: Folders, options: JobOptions, write: Job['write']): Job {
  const masks = createMasks();
  for (const secret of options.secrets ?? []) masks.add(secret);
  return {
    folders,
    host: hostEnvironment(folders),
    github: githubContext(folders, options.github ?? {}),
    event: options.event ?? {},
    runner: runnerContext(folders, options.debug ?? false),
    strategy: { ...noStrategy, ...options.strategy },
    matrix: options.matrix,
    actionEnv: options.actionEnv ?? {},
    grace: options.grace ?? runnerGrace,
    debug: options.debug ?? false,
    masks,
    write,
    env: new Map(Object.entries(options.env ?? {})),
    path: [],
    outputs: new Map(),
    posts: [],
    status: 'success',
    died: false,
    running: undefined,
  };
}

async function runStages(job: Job, steps: JobOptions['steps'], watch: Watch): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const todo: Stage[] = steps.map((step) => ({ step, part: 'main', condition: step.if, state: new Map() }));
  for (let stage = todo.shift() ?? job.posts.pop(); stage; stage = todo.shift() ?? job.posts.pop()) {
    if (job.died) break;
    const result = await runStage(job, stage);
    results.push(result);
    if (result.conclusion === 'failure' && job.status === 'success') job.status = 'failure';
    if (stage.part === 'main') job.outputs.set(stage.step.id, result.outputs);
    if (stage.part === 'main') watch.finished(stage.step.id);
  }
  return results;
}

function interrupt(job: Job, what: Interrupt['what']): void {
  if (what === 'kill') job.running?.kill('entry');
  else if (what === 'kill-tree') job.running?.kill('tree');
  else {
    if (what === 'cancel') job.status = 'cancelled';
    else job.died = true;
    stopRunningIfDue(job);
  }
}

async function listLeft(folders: Folders): Promise<string[]> {
  const own = ['_runner_file_commands', '_github_workflow'];
  const below = async (name: string, folder: string): Promise<string[]> => {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => !entry.isDirectory());
    return files.map((entry) => join(name, relative(folder, join(entry.parentPath, entry.name))));
  };
  const left = [...(await below('tmp', folders.tmp)), ...(await below('temp', folders.temp))];
  return left.filter((path) => !own.some((folder) => path.startsWith(join('temp', folder)))).sort();
}

/** The result of one step of a job; its post when asked for. */
export function stepOf(
  job: Pick<JobResult, 'steps'>,
  id: string,
  stage: 'main' | 'post' = 'main',
): StepResult {
  const found = job.steps.find((step) => step.id === id && step.stage === stage);
  if (found === undefined) throw new Error(`The job ran no ${stage} of a step '${id}'.`);
  return found;
}

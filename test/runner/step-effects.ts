import {
  type CommandFiles,
  type FileCommand,
  readPairs,
  summaryLimit,
  takeCommandFile,
} from './file-commands.ts';
import type { Job, Stage } from './job-state.ts';
import { annotate, type StepLog } from './step-log.ts';

export interface Effects {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** What a step has written into its command files takes hold when it has ended, however it ended. */
export async function applyCommandFiles(
  job: Job,
  stage: Stage,
  files: CommandFiles,
  log: StepLog,
): Promise<Effects> {
  const outputs = new Map(log.outputs);
  for (const [name, value] of log.state) stage.state.set(name, value);
  const summary: string[] = [];
  const effects: ReadonlyArray<readonly [FileCommand, (text: string) => void]> = [
    ['path', (text) => prependPath(job.path, text)],
    ['env', (text) => exportVariables(job, text, log)],
    ['step_summary', (text) => void summary.push(acceptSummary(text, log))],
    ['state', (text) => assign(stage.state, text)],
    ['output', (text) => assign(outputs, text)],
  ];
  for (const [kind, effect] of effects) {
    try {
      effect(await takeCommandFile(files[kind]));
    } catch (error) {
      annotate(log, 'error', `Unable to process file command '${kind}' successfully.`);
      annotate(log, 'error', error instanceof Error ? error.message : String(error));
      log.failed = true;
    }
  }
  return { outputs: Object.fromEntries(outputs), summary: summary.join('') };
}

function assign(target: Map<string, string>, text: string): void {
  for (const [name, value] of readPairs(text)) target.set(name, value);
}

/** The last one added is the first one searched. */
function prependPath(path: string[], text: string): void {
  for (const folder of text.split(/\r?\n/).filter((line) => line !== '')) {
    const before = path.indexOf(folder);
    if (before >= 0) path.splice(before, 1);
    path.unshift(folder);
  }
}

function exportVariables(job: Job, text: string, log: StepLog): void {
  for (const [name, value] of readPairs(text)) {
    if (name.toUpperCase() !== 'NODE_OPTIONS') job.env.set(name, value);
    else annotate(log, 'error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
  }
}

/** A summary above the limit is lost; the step's result stays. */
function acceptSummary(text: string, log: StepLog): string {
  const size = Buffer.byteLength(text);
  if (size <= summaryLimit) return log.masks.apply(text);
  const got = Math.floor(size / 1024);
  annotate(
    log,
    'error',
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${summaryLimit / 1024}k, got ${got}k.`,
  );
  return '';
}

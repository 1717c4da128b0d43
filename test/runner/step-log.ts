import { type Command, parseCommand } from './command.ts';
import type { Masks } from './masks.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** One step's output: commands are obeyed, the rest is logged, all of it masked. */
export interface StepLog {
  readonly masks: Masks;
  readonly write: (line: string) => void;
  readonly debug: boolean;
  readonly annotations: Annotation[];
  /** From the older commands; the files' come on top. */
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
  stopToken: string | undefined;
  /** A command that could not be obeyed fails the step. */
  failed: boolean;
}

const annotationsPerLevel = 10;
const annotationLength = 4096;

export function createStepLog(masks: Masks, write: (line: string) => void, debug: boolean): StepLog {
  const kept = { annotations: [], outputs: new Map(), state: new Map() };
  return { masks, write, debug, ...kept, stopToken: undefined, failed: false };
}

/** A line of the runner's own. */
export function print(log: StepLog, line: string): void {
  log.write(log.masks.apply(line));
}

export function annotate(
  log: StepLog,
  level: Annotation['level'],
  text: string,
  properties: Readonly<Record<string, string>> = {},
): void {
  const message = log.masks.apply(text).slice(0, annotationLength);
  const count = log.annotations.filter((annotation) => annotation.level === level).length;
  if (count < annotationsPerLevel) {
    log.annotations.push({ level, message, title: log.masks.apply(properties['title'] ?? ''), properties });
  }
  print(log, `##[${level}]${message}`);
}

/** A line from the step's process. */
export function receive(log: StepLog, line: string): void {
  const isToken = (name: string): boolean => log.stopToken?.toLowerCase() === name.toLowerCase();
  const command = parseCommand(line, (name) => commands.has(name.toLowerCase()) || isToken(name));
  if (command === undefined || (log.stopToken !== undefined && !isToken(command.name))) {
    print(log, line);
  } else if (isToken(command.name)) {
    print(log, line);
    log.stopToken = undefined;
  } else {
    commands.get(command.name.toLowerCase())?.(log, command, line);
  }
}

type Obey = (log: StepLog, command: Command, line: string) => void;

const issue: Obey = (log, { name, data, properties }) =>
  annotate(log, name.toLowerCase() as Annotation['level'], data, properties);
const disabled: Obey = (log, { name }, line) =>
  refuse(log, line, `The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
const ignore: Obey = () => undefined;

const commands: ReadonlyMap<string, Obey> = new Map<string, Obey>([
  ['error', issue],
  ['warning', issue],
  ['notice', issue],
  ['debug', (log, { data }) => (log.debug ? print(log, `##[debug]${data}`) : undefined)],
  ['group', (log, { data }) => print(log, `##[group]${data}`)],
  ['endgroup', (log) => print(log, '##[endgroup]')],
  ['add-mask', mask],
  ['stop-commands', stop],
  ['set-output', (log, { data, properties }) => void log.outputs.set(properties['name'] ?? '', data)],
  ['save-state', (log, { data, properties }) => void log.state.set(properties['name'] ?? '', data)],
  ['set-env', disabled],
  ['add-path', disabled],
  ['add-matcher', ignore],
  ['remove-matcher', ignore],
  ['echo', ignore],
]);

function mask(log: StepLog, { data }: Command): void {
  if (data.trim() !== '') log.masks.add(data);
  else annotate(log, 'warning', "Can't add secret mask for empty string in ##[add-mask] command.");
}

/** The token becomes a secret of its own, so the log shows `***` where commands were stopped. */
function stop(log: StepLog, { data: token }: Command, line: string): void {
  if (token === '' || token === 'pause-logging' || commands.has(token.toLowerCase())) {
    refuse(log, line, "An end token may not be empty, 'pause-logging', or another workflow command.");
    return;
  }
  log.stopToken = token;
  if (token.length > 6) log.masks.add(token);
  print(log, line);
}

function refuse(log: StepLog, line: string, reason: string): void {
  annotate(log, 'error', `Unable to process command '${line}' successfully.`);
  annotate(log, 'error', reason);
  log.failed = true;
}

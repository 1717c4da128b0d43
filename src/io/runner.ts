import * as core from '@actions/core';

/** The runner's side: inputs, outputs, log and state. */
export interface Runner {
  input(name: string): string;
  output(name: string, value: string): void;
  exportVariable(name: string, value: string): void;
  saveState(text: string): void;
  state(): string;
  info(text: string): void;
  /** An annotation that tells without a fault. */
  notice(text: string): void;
  warning(text: string, title?: string): void;
  /** The one annotation of a failure; the step fails. */
  fail(title: string, text: string): void;
  /** Text from elsewhere, printed so that nothing in it is read as a workflow command. */
  foreign(title: string, text: string): void;
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  /** Ends the open group, if there is one, and begins another. */
  openGroup(title: string): void;
  closeGroup(): void;
  summary(markdown: string): Promise<void>;
  variable(name: string): string;
  /** Every environment variable of this process. */
  variables(): Readonly<Record<string, string>>;
}

const stateKey = 'infra-action';

/** GitHub's runner, through `@actions/core`. */
export function githubRunner(): Runner {
  let open = false;
  const closeGroup = () => {
    if (open) core.endGroup();
    open = false;
  };
  return {
    input: (name) => core.getInput(name),
    output: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value),
    saveState: (text) => core.saveState(stateKey, text),
    state: () => core.getState(stateKey),
    // Part of it comes from probed systems, and the runner obeys `##[command]` anywhere in a line.
    info: (text) => core.info(text.replaceAll('##[', '## [')),
    notice: (text) => core.notice(text, { title: 'infra-action' }),
    warning: (text, title = 'infra-action') => core.warning(text, { title }),
    fail: (title, text) => {
      core.error(text, { title });
      process.exitCode = 1;
    },
    foreign: printForeign,
    group: (title, body) => core.group(title, body),
    openGroup: (title) => {
      closeGroup();
      core.startGroup(title);
      open = true;
    },
    closeGroup,
    summary: writeSummary,
    variable: (name) => process.env[name] ?? '',
    variables,
  };
}

/** Somebody's terminal instead of a runner: inputs come as they do there, what only later steps would read goes nowhere. */
export function localRunner(): Runner {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    input: (name) => core.getInput(name),
    output: () => {},
    exportVariable: () => {},
    saveState: () => {},
    state: () => '',
    info: say,
    notice: say,
    warning: (text) => say(`Warning: ${text}`),
    fail: (title, text) => {
      say(`\n${title}\n${text}`);
      process.exitCode = 1;
    },
    foreign: (title, text) => say(`\n${title}:\n${text}`),
    group: async (title, body) => {
      say(title);
      return body();
    },
    openGroup: say,
    closeGroup: () => {},
    summary: async () => {},
    variable: (name) => process.env[name] ?? '',
    variables,
  };
}

function variables(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
}

/** A summary is a convenience: an unwritable file is a warning, never a failed job. */
async function writeSummary(markdown: string): Promise<void> {
  if ((process.env['GITHUB_STEP_SUMMARY'] ?? '') === '') return;
  try {
    await core.summary.addRaw(markdown, true).write();
  } catch (error) {
    core.warning(`The job summary could not be written: ${String(error)}`);
  }
}

/** Between `stop-commands` and its token the runner reads no commands; the token cannot be guessed. */
function printForeign(title: string, text: string): void {
  const token = crypto.randomUUID();
  core.startGroup(title);
  process.stdout.write(`::stop-commands::${token}\n${text.replaceAll('\r', '')}\n::${token}::\n`);
  core.endGroup();
}

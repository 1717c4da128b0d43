import * as core from '@actions/core';

/** The runner's side: inputs, outputs, log and state. */
export interface Runner {
  input(name: string): string;
  output(name: string, value: string): void;
  exportVariable(name: string, value: string): void;
  saveState(text: string): void;
  state(): string;
  info(text: string): void;
  warning(text: string): void;
  /** The one annotation of a failure; the step fails. */
  fail(title: string, text: string): void;
  /** Text from elsewhere, printed so that nothing in it is read as a workflow command. */
  foreign(title: string, text: string): void;
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  summary(markdown: string): Promise<void>;
  variable(name: string): string;
}

const stateKey = 'infra-action';

/** GitHub's runner, through `@actions/core`. */
export function githubRunner(): Runner {
  return {
    input: (name) => core.getInput(name),
    output: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value),
    saveState: (text) => core.saveState(stateKey, text),
    state: () => core.getState(stateKey),
    // Part of it comes from probed systems, and the runner obeys `##[command]` anywhere in a line.
    info: (text) => core.info(text.replaceAll('##[', '## [')),
    warning: (text) => core.warning(text, { title: 'infra-action' }),
    fail: (title, text) => {
      core.error(text, { title });
      process.exitCode = 1;
    },
    foreign: printForeign,
    group: (title, body) => core.group(title, body),
    summary: writeSummary,
    variable: (name) => process.env[name] ?? '',
  };
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

/** How a program ended. The exit code is the truth; its text only helps to explain. */
export interface CommandResult {
  readonly command: readonly string[];
  /** Undefined where the program could not be started, or a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The program does not exist or cannot be executed. */
  readonly missing: boolean;
}

export interface CommandOptions {
  /** Milliseconds until the command and its children are killed. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every line of standard output as it comes; nothing is kept then. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program without a shell. Never throws: a program that cannot be run is a result, too. */
export type Command = (
  argv: readonly [string, ...string[]],
  options: CommandOptions,
) => Promise<CommandResult>;

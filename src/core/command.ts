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
  /** What the program reads from its standard input; nothing without it. */
  readonly input?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets every line of standard output as it comes; nothing is kept then. */
  readonly onLine?: (line: string) => void;
  /**
   * Gets both streams as they come; nothing is kept then. It is never called twice at once, and the program waits for it:
   * a flood is no faster than its reader. What it throws ends the program, and is thrown on. A reader that has enough
   * aborts `signal`, and is given nothing after that.
   */
  readonly onOutput?: (chunk: Buffer, stream: OutputStream) => void | Promise<void>;
}

export type OutputStream = 'stdout' | 'stderr';

/** Runs a program without a shell. A program that cannot be run is a result, too; only `onOutput` can make it throw. */
export type Command = (
  argv: readonly [string, ...string[]],
  options: CommandOptions,
) => Promise<CommandResult>;

import { createLogUpdate } from 'log-update';

/** A terminal in which lines can be drawn over; there is none in a job. */
export interface Terminal {
  readonly interactive: boolean;
  /** Characters in a line. */
  columns(): number;
  /** Puts these lines where the last ones were. */
  draw(lines: readonly string[]): void;
  /** Leaves the last lines as they are; what follows comes below. */
  done(): void;
}

export function terminal(): Terminal {
  const update = createLogUpdate(process.stdout);
  return {
    // A runner's log keeps every line, even where it pretends to be a terminal.
    interactive: process.stdout.isTTY === true && process.env['GITHUB_ACTIONS'] !== 'true',
    columns: () => process.stdout.columns || 80,
    draw: (lines) => update(lines.join('\n')),
    done: () => update.done(),
  };
}

import type { CommandResult } from '../../src/core/command.ts';

/** A command that went well and said nothing. */
export const fine: CommandResult = {
  command: ['docker', 'fake'],
  exitCode: 0,
  stdout: '',
  stderr: '',
  timedOut: false,
  missing: false,
};

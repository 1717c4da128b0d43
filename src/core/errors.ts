/** What a person is told when something fails: what happened, the likely cause, and what to do. */
export interface Failure {
  /** Stable name of the kind of failure, for documentation and machines, e.g. `PORT_TAKEN`. */
  readonly code: string;
  /** The Compose service at fault, where one is. */
  readonly system?: string;
  readonly what: string;
  readonly why: string;
  readonly advice: string;
}

/** An expected failure: its text is written for the person who opens a red job, and no stack trace is shown. */
export class UserError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.what);
    this.name = 'UserError';
    this.failure = failure;
  }
}

/** Something wrong with what the caller wrote; all of them are reported together, before anything starts. */
export interface Problem {
  /** The input or file, e.g. `timeout` or `compose-files: ci.yaml`. */
  readonly where: string;
  readonly what: string;
}

/** Turns input problems into the one failure that names them all. */
export function inputFailure(problems: readonly Problem[]): UserError {
  const list = problems.map(({ where, what }) => `${where}: ${what}`);
  return new UserError({
    code: 'INPUT_INVALID',
    what: list.join('\n'),
    why:
      list.length === 1
        ? 'One input cannot be used as it is.'
        : `${list.length} inputs cannot be used as they are.`,
    advice: 'Correct what is listed under `with:` and run the job again. Nothing was started.',
  });
}

/** A value for a message: what is invisible or reorders text is escaped, and it is never longer than 80 characters. */
export function quote(value: string): string {
  const escaped = JSON.stringify(value).replace(
    /[\p{Cc}\p{Cf}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return escaped.length <= 80 ? escaped : `${escaped.slice(0, 79)}…`;
}

import type { KnownCause, System } from '../catalogue/catalogue.ts';
import type { Failure } from '../errors.ts';
import { plain, plainLines } from '../markdown.ts';
import { ranOutOfMemory } from '../readiness.ts';
import { answerCauses, type GeneralCause, generalCauses } from './general-causes.ts';

/** What is known of a system when it has failed. */
export interface Facts {
  /** The end of its log, both streams; the more of it, the surer is the cause. */
  readonly log: string;
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  /** What the last attempt of its probe heard. */
  readonly lastAnswer?: string;
  /** What the catalogue says of it, where it does. */
  readonly system: System | undefined;
}

/** Lines that are looked at, the last ones, and characters of each. A pattern never meets more than that. */
const mostLines = 2000;
const longestLine = 2000;
/** Characters of a line that are quoted. */
const quoted = 300;

/** Failures that say how a system failed, and not yet why. Any other code is a cause already. */
const open = ['SERVICE_EXITED', 'SERVICE_CRASH_LOOP', 'SERVICE_UNHEALTHY', 'NOT_READY', 'COMMAND_FAILED'];
const ended = ['SERVICE_EXITED', 'SERVICE_CRASH_LOOP', 'COMMAND_FAILED'];

/**
 * The failure with its cause, where one is known: what happened stays, and code, reason and advice become those of the cause.
 * The system's own causes come before those that any program may have. A failure without a known cause stays as it is.
 */
export function knownCause(failure: Failure, facts: Facts): Failure {
  const { system = 'the service' } = failure;
  if (!open.includes(failure.code)) return failure;
  if (facts.oomKilled) return { ...failure, ...ranOutOfMemory(system) };
  // A command that failed has said why itself; the log is that of a system that works.
  const command = failure.code === 'COMMAND_FAILED';
  const lines = linesOf(command ? failure.why : facts.log);
  const general = generalCauses.filter((cause) => cause.ended !== true || ended.includes(failure.code));
  const causes: readonly GeneralCause[] = [...(facts.system?.causes ?? []), ...general, ...answerCauses];
  for (const cause of causes) {
    const found = holds(cause, lines, facts);
    if (found === undefined) continue;
    const put = (text: string) => text.replaceAll('{system}', system).replaceAll('{1}', found.detail);
    const proof = command ? failure.why : found.proof;
    const why = [put(cause.why), ...(proof === '' ? [] : [proof])].join('\n');
    return { ...failure, code: cause.code, why, advice: put(cause.advice) };
  }
  return failure;
}

/** The end of a text as lines that are safe to look at and to show. */
function linesOf(text: string): readonly string[] {
  const end = text
    .slice(-mostLines * longestLine)
    .split('\n')
    .slice(-mostLines);
  return plainLines(end.map((line) => line.slice(0, longestLine)).join('\n')).split('\n');
}

interface Found {
  readonly detail: string;
  /** What tells a person that it is so; may be empty. */
  readonly proof: string;
}

function holds(cause: KnownCause, lines: readonly string[], facts: Facts): Found | undefined {
  const { log, unless, quote, answer, exitCodes } = cause;
  if (exitCodes !== undefined && !exitCodes.includes(facts.exitCode ?? -1)) return undefined;
  const heard = answer?.exec((facts.lastAnswer ?? '').slice(0, longestLine));
  if (heard === null) return undefined;
  const line = log === undefined ? undefined : lastMatch(log, lines);
  if (log !== undefined && line === undefined) return undefined;
  if (unless !== undefined && lastMatch(unless, lines) !== undefined) return undefined;
  const shown = (quote === undefined ? undefined : lastMatch(quote, lines)) ?? line;
  const said = heard === undefined ? '' : `The last probe said: ${plain(facts.lastAnswer ?? '', quoted)}`;
  return {
    detail: firstGroup(line) || firstGroup(heard),
    proof: shown === undefined ? said : `Its log says: ${excerpt(shown)}`,
  };
}

/** The match in the line that is nearest to the end: what was said last is nearest to the failure. */
function lastMatch(pattern: RegExp, lines: readonly string[]): RegExpExecArray | undefined {
  for (const line of lines.toReversed()) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

function firstGroup(match: RegExpExecArray | undefined): string {
  return plain(match?.slice(1).find((group) => group !== undefined) ?? '', quoted);
}

/** The line, or the part of a long one around what has matched; it begins with a whole word. */
function excerpt({ input, index }: RegExpExecArray): string {
  if (input.trim().length <= quoted) return plain(input, quoted);
  const wanted = Math.max(0, Math.min(index - 60, input.length - quoted + 1));
  if (wanted === 0) return plain(input, quoted);
  const blank = input.indexOf(' ', wanted);
  return plain(`… ${input.slice(blank === -1 || blank > index ? wanted : blank + 1)}`, quoted);
}

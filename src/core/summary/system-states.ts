import type { Failure } from '../errors.ts';
import { code } from '../markdown.ts';
import type { SystemRecord } from '../record.ts';

/** What `docker inspect` says of a system's container after the record was made. */
export interface SeenLater {
  readonly service: string;
  /** Docker's word: running, exited, dead and so on. */
  readonly status: string;
  readonly exitCode: number;
  readonly oomKilled: boolean;
}

/** How far a system came and what became of it: a mark to find it by, and words as Markdown. */
export interface State {
  readonly mark: '✅' | '❌' | '⚠️' | '⏳';
  readonly words: string;
}

/** `working` names the systems that work. */
export function stateOf(
  system: SystemRecord,
  failure: Failure | undefined,
  working: ReadonlySet<string>,
  seen?: SeenLater,
): State {
  const end = seen === undefined ? '' : endOf(seen);
  if (system.stage === 'failed' || system.service === failure?.system) {
    const reason = end || (failure?.system === system.service ? code(failure.code, 100) : '');
    return { mark: '❌', words: reason === '' ? '**failed**' : `**failed**: ${reason}` };
  }
  if (end === 'ended') return { mark: '✅', words: end };
  if (system.stage === 'works')
    return end === '' ? { mark: '✅', words: 'works' } : { mark: '⚠️', words: `worked, then ${end}` };
  return end === '' ? { mark: '⏳', words: unfinished(system, working) } : { mark: '⚠️', words: end };
}

function endOf({ status, exitCode, oomKilled }: SeenLater): string {
  if (status !== 'exited' && status !== 'dead') return '';
  if (oomKilled) return 'killed for want of memory';
  return exitCode === 0 ? 'ended' : `exited with code ${exitCode}`;
}

function unfinished(system: SystemRecord, working: ReadonlySet<string>): string {
  if (system.stage === 'pulling') return 'image was being pulled';
  if (system.stage === 'starting') {
    const answer = code(system.probes.at(-1)?.answer ?? '', 120);
    return answer === '' ? 'was starting' : `was starting; last answer: ${answer}`;
  }
  if (system.source === 'pulled' && system.pulledAt === undefined) return 'image not pulled yet';
  const open = system.after.filter((name) => !working.has(name));
  const names = open.slice(0, 10).map((name) => code(name, 100));
  return names.length === 0 ? 'not started' : `waited for ${names.join(', ')}`;
}

import type { Failure } from './errors.ts';
import type { Judge } from './plan.ts';

/** What `docker inspect` says of a container. */
export interface Observation {
  readonly service: string;
  readonly id: string;
  /** Docker's word: created, running, restarting, paused, exited, dead, removing. */
  readonly status: string;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly restarts: number;
  /** Docker's word, where the container has a health check: starting, healthy, unhealthy. */
  readonly health?: string;
}

export type Verdict =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'works' }
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** So many restarts make a crash loop; a service that restarts once may still come up. */
export const crashLoop = 3;

/** Judges a container by its state alone; a probe, where there is one, still has to pass. */
export function judgeState(seen: Observation, judge: Judge): Verdict {
  if (seen.restarts >= crashLoop) return failed(crashLoops(seen));
  if (seen.status === 'exited' || seen.status === 'dead') {
    if (seen.exitCode === 0 && (judge === 'running' || judge === 'end')) return { kind: 'completed' };
    return failed(exited(seen));
  }
  if (seen.status !== 'running') return { kind: 'waiting' };
  if (judge === 'running') return { kind: 'works' };
  if (judge === 'healthcheck' && seen.health === 'healthy') return { kind: 'works' };
  if (judge === 'healthcheck' && seen.health === 'unhealthy') return failed(unhealthy(seen));
  return { kind: 'waiting' };
}

function failed(failure: Failure): Verdict {
  return { kind: 'failed', failure };
}

function exited(seen: Observation): Failure {
  const { service: system, exitCode } = seen;
  if (seen.oomKilled) {
    return { system, what: `${system} ran out of memory and was killed.`, ...ranOutOfMemory(system) };
  }
  return {
    code: 'SERVICE_EXITED',
    system,
    what: `${system} exited with code ${exitCode}.`,
    why: exitReason(exitCode),
    advice: `Read the end of ${system}'s log below; correct its configuration or image.`,
  };
}

/** What a system that the kernel killed for its memory is told. */
export function ranOutOfMemory(system: string): Pick<Failure, 'code' | 'why' | 'advice'> {
  return {
    code: 'SERVICE_OOM',
    why: 'It needed more memory than its limit, or than the machine has left.',
    advice: `Raise ${system}'s memory limit, choose fewer services, or use a larger runner.`,
  };
}

/** Exit codes above 128 are signals: 128 + the signal's number (POSIX shells and Docker). */
function exitReason(code: number): string {
  const reasons: Readonly<Record<number, string>> = {
    0: 'It ended without an error, although it has to keep running.',
    125: 'Docker could not run the container.',
    126: 'Its command cannot be executed.',
    127: 'Its command was not found in the image.',
    132: 'It used an instruction that this CPU does not have (AVX on amd64, ARMv8.2 on arm64, or the wrong architecture).',
    137: 'It was killed (SIGKILL), and not by its own memory limit: the machine may be out of memory.',
    139: 'It crashed with a segmentation fault: the image may not fit this kernel or CPU.',
    143: 'Something asked it to stop (SIGTERM).',
  };
  return reasons[code] ?? 'It stopped by itself with an error.';
}

function crashLoops({ service: system, restarts, exitCode }: Observation): Failure {
  return {
    code: 'SERVICE_CRASH_LOOP',
    system,
    what: `${system} keeps crashing: ${restarts} restarts, last exit code ${exitCode}.`,
    why: exitReason(exitCode),
    advice: `Read the end of ${system}'s log below. A restart policy hides such a crash; in CI \`restart: "no"\` shows it at once.`,
  };
}

function unhealthy({ service: system }: Observation): Failure {
  return {
    code: 'SERVICE_UNHEALTHY',
    system,
    what: `${system}'s own health check says unhealthy.`,
    why: 'The check in its Compose file or image failed more often than it may.',
    advice: `Read the end of ${system}'s log below, and run the check by hand with \`docker exec\`.`,
  };
}

const worstFirst: readonly Verdict['kind'][] = ['failed', 'waiting', 'completed', 'works'];

/** The verdict on a service by those on its containers: it works when all of them do, and fails with the first. Without any it waits. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const rank = ({ kind }: Verdict) => worstFirst.indexOf(kind);
  return [...verdicts].sort((a, b) => rank(a) - rank(b))[0] ?? { kind: 'waiting' };
}

/** The failure of a system that was still not working when the time was up. */
export function notReady(system: string, seconds: number, lastAnswer: string): Failure {
  return {
    code: 'NOT_READY',
    system,
    what: `${system} did not work within ${seconds} s.`,
    why: lastAnswer === '' ? 'It was still starting.' : `The last probe said: ${lastAnswer}`,
    advice: `Read the end of ${system}'s log below. If it is only slow here, raise \`timeout\` or choose fewer services.`,
  };
}

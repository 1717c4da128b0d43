import type { SystemRecord } from './record.ts';
import { seconds } from './report.ts';

/** The phases of coming up that follow each other; a pipeline has parts of several at once, the last to end is named. */
export type Phase = 'Images' | 'Start' | 'Ready';

/** What was last said of a system, and when. */
interface Said {
  readonly stage: SystemRecord['stage'];
  readonly text: string;
  readonly at: number;
}

export type Shown = ReadonlyMap<string, Said>;

/** Within one stage, what a system waits for is said again only this long after its last line. Milliseconds. */
const patience = 5000;

/** The first phase that some system has not behind it; none when all work. */
export function phaseOf(systems: readonly SystemRecord[]): Phase | undefined {
  if (systems.some(({ source, pulledAt }) => source === 'pulled' && pulledAt === undefined)) return 'Images';
  if (systems.some(({ startedAt }) => startedAt === undefined)) return 'Start';
  return systems.some(({ worksAt }) => worksAt === undefined) ? 'Ready' : undefined;
}

/** What a system does or waits for, in a few words. */
export function doing(system: SystemRecord, all: readonly SystemRecord[]): string {
  const { stage, startedAt = 0, worksAt = 0, probes } = system;
  if (stage === 'works') return `works, ${seconds(worksAt - startedAt)} s after its start`;
  if (stage === 'failed') return 'failed';
  if (stage === 'pulling') return `pulling ${system.image}`;
  const answer = probes.at(-1)?.answer ?? '';
  if (stage === 'starting') return answer === '' ? 'starting' : `starting: ${answer}`;
  const open = system.after.filter((name) => all.find((each) => each.service === name)?.stage !== 'works');
  const { pullStartedAt, pulledAt } = system;
  const pulled = pullStartedAt === undefined || pulledAt === undefined ? undefined : pulledAt - pullStartedAt;
  const image = pulled === undefined ? '' : `pulled in ${seconds(pulled)} s, `;
  return `${image}waiting for ${open.length === 0 ? 'its turn' : open.join(', ')}`;
}

/** The lines that are new: every change of stage at once, other changes once in a while. */
export function news(
  systems: readonly SystemRecord[],
  before: Shown,
  now: number,
): { readonly lines: readonly string[]; readonly shown: Shown } {
  const shown = new Map(before);
  const width = Math.max(...systems.map(({ service }) => service.length));
  const lines = systems.flatMap((system) => {
    const last = before.get(system.service);
    const text = doing(system, systems);
    // That a container exists tells nobody anything, after a pull it tells of that.
    const told = system.stage === 'created' && last?.stage === 'waiting';
    const moved = last?.stage !== system.stage && !told;
    if (!moved && (last?.text === text || now - (last?.at ?? 0) < patience)) return [];
    shown.set(system.service, { stage: system.stage, text, at: now });
    return [`${moment(momentOf(system, now))}  ${system.service.padEnd(width)}  ${text}`];
  });
  return { lines, shown };
}

/** Says who is waited for, where nothing has changed for long. */
export function reminder(systems: readonly SystemRecord[], now: number): string {
  const open = systems.filter(({ worksAt }) => worksAt === undefined);
  const each = open.map((system) => {
    const answer = system.probes.at(-1)?.answer ?? '';
    const state = system.startedAt === undefined ? 'not started' : answer || 'starting';
    return `${system.service} (${state})`;
  });
  return `${seconds(now)} s: waiting for ${each.join(', ')}`;
}

const marks: Readonly<Record<SystemRecord['stage'], string>> = {
  waiting: '·',
  pulling: '↓',
  created: '·',
  starting: '…',
  works: '✔',
  failed: '✘',
};

/** One line per system as it is now, for a terminal that draws it again and again. */
export function liveTable(systems: readonly SystemRecord[], now: number, columns: number): readonly string[] {
  const width = Math.max(...systems.map(({ service }) => service.length));
  const rows = systems.map(
    (system) => `${marks[system.stage]} ${system.service.padEnd(width)}  ${doing(system, systems)}`,
  );
  const working = systems.filter(({ stage }) => stage === 'works').length;
  return [...rows, `${moment(now)}  ${working} of ${systems.length} work`].map((row) =>
    row.length <= columns ? row : `${row.slice(0, columns - 1)}…`,
  );
}

/** The moment that a line is about: of a stage that was reached, when it was. */
function momentOf({ stage, pullStartedAt, worksAt }: SystemRecord, now: number): number {
  if (stage === 'works') return worksAt ?? now;
  return (stage === 'pulling' ? pullStartedAt : undefined) ?? now;
}

function moment(milliseconds: number): string {
  return `${seconds(milliseconds).padStart(6)} s`;
}

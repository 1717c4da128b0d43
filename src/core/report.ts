import type { Reachable } from './endpoints.ts';
import type { Failure } from './errors.ts';

/** What was measured of one system, in milliseconds from the start of the action. */
export interface Timing {
  readonly service: string;
  readonly startedAt?: number;
  readonly worksAt?: number;
}

/** The text of the one annotation of a failure. */
export function annotation(failure: Failure, logTail: string): { title: string; text: string } {
  const lines = [failure.what, `Why: ${failure.why}`, `What to do: ${failure.advice}`];
  const tail =
    logTail.trim() === '' ? [] : ['', `The end of ${failure.system ?? 'its'}'s log:`, logTail.trimEnd()];
  return {
    title: `infra-action: ${failure.system ?? 'PakLog infrastructure'}: ${failure.code}`,
    text: [...lines, ...tail].join('\n'),
  };
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

/** The table of systems and URLs that ends a successful run, for a terminal. */
export function table(
  services: readonly string[],
  endpoints: readonly Reachable[],
  timings: readonly Timing[],
): string {
  const rows = services.map((service) => {
    const timing = timings.find((each) => each.service === service);
    const works = timing?.worksAt === undefined ? '' : `${seconds(timing.worksAt)} s`;
    const urls = endpoints.filter(({ system }) => system.name === service).map(({ host }) => host.url);
    return [service, works, urls.join('  ')] as const;
  });
  const all = [['system', 'works after', 'addresses'] as const, ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map(([a, b, c]) => `${a.padEnd(widths[0] ?? 0)}  ${b.padEnd(widths[1] ?? 0)}  ${c}`.trimEnd())
    .join('\n');
}

/** The job summary of a successful run, as Markdown. */
export function summary(
  project: string,
  services: readonly { readonly service: string; readonly image: string }[],
  endpoints: readonly Reachable[],
  timings: readonly Timing[],
): string {
  const rows = services.map(({ service, image }) => {
    const timing = timings.find((each) => each.service === service);
    const works = timing?.worksAt === undefined ? '' : seconds(timing.worksAt);
    const started = timing?.startedAt === undefined ? '' : seconds(timing.startedAt);
    const urls = endpoints
      .filter(({ system }) => system.name === service)
      .map(({ host }) => `\`${host.url}\``);
    return `| ${service} | \`${image}\` | ${started} | ${works} | ${urls.join('<br>')} |`;
  });
  const head = ['| system | image | started, s | works, s | addresses |', '|---|---|--:|--:|---|'];
  return [`### Infrastructure \`${project}\``, '', ...head, ...rows, ''].join('\n');
}

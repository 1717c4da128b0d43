import type { Failure } from './errors.ts';
import { plainLines } from './markdown.ts';
import type { RunRecord } from './record.ts';

/** What every code means, how it looks and what to do. */
const explained = 'https://github.com/paklog/infra-action/blob/v1/docs/troubleshooting.md';

/** The section about a code, as GitHub makes its anchor. */
export function explanation(code: string): string {
  return `${explained}#${code.toLowerCase()}`;
}

/** The text of the one annotation of a failure. */
export function annotation(failure: Failure, logTail: string): { title: string; text: string } {
  const lines = [failure.what, `Why: ${failure.why}`, `What to do: ${failure.advice}`];
  const more = `More about ${failure.code}: ${explanation(failure.code)}`;
  const end = plainLines(logTail).trimEnd().split('\n').map(shortened);
  const tail = end.join('').trim() === '' ? [] : ['', `The end of ${failure.system ?? 'its'}'s log:`, ...end];
  return {
    title: `infra-action: ${failure.system ?? 'PakLog infrastructure'}: ${failure.code}`,
    text: [...lines, more, ...tail].join('\n'),
  };
}

/** GitHub cuts annotations at 4 Ki characters (actions/runner); one long line must not be all that is seen. */
const longestLine = 300;

function shortened(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

/**
 * The `timings` output, in milliseconds: moments of every system, from the start of the action, and what every image took,
 * from the moment that images were wanted.
 */
export function timings({ systems, images = [] }: RunRecord) {
  return {
    systems: systems.map(({ service, pullStartedAt, pulledAt, startedAt, worksAt }) => ({
      service,
      pullStartedAt,
      pulledAt,
      startedAt,
      worksAt,
    })),
    images: images.map(({ image, origin, bytes, seconds: took, otherWay }) => ({
      image,
      origin,
      bytes,
      took: milliseconds(took),
      otherWay: milliseconds(otherWay),
    })),
  };
}

export function milliseconds(ofSeconds: number | undefined): number | undefined {
  return ofSeconds === undefined ? undefined : Math.round(ofSeconds * 1000);
}

/** The table of systems and addresses that ends a successful run, for the log. */
export function table({ systems }: RunRecord): string {
  const rows = systems.map(({ service, worksAt, urls }) => {
    const works = worksAt === undefined ? '' : `${seconds(worksAt)} s`;
    return [service, works, urls.join('  ')] as const;
  });
  const all = [['system', 'works after', 'addresses'] as const, ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map(([a, b, c]) => `${a.padEnd(widths[0] ?? 0)}  ${b.padEnd(widths[1] ?? 0)}  ${c}`.trimEnd())
    .join('\n');
}

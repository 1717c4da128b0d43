import { plain } from '../markdown.ts';
import type { RunRecord, SystemRecord } from '../record.ts';
import { seconds } from '../report.ts';
import type { ChainLink } from './critical-chain.ts';

/** GitHub draws no diagram of more than 50,000 characters (Mermaid's `maxTextSize`), and nobody reads one so long. */
const drawn = 60;
/** A letter of a bar's words and the whole chart, in the chart's own units. */
const letter = 5.5;
const chartWidth = 1000;
const rightPadding = 30;

/** Nothing at all at the very start, since the axis begins where the first bar does. */
const origin = '    #8203; :done, 00:00:00.000, 0ms';

/** A stretch of one system's time, in milliseconds from the start of the action. */
interface Bar {
  readonly kind: 'pull' | 'start';
  readonly from: number;
  readonly to: number;
}

/** The run as a Gantt chart in Mermaid's language, one row per system; empty where there is nothing to draw. */
export function timeline(record: RunRecord, chain: readonly ChainLink[]): string {
  const rows = record.systems
    .map((system) => ({ system, bars: barsOf(system, record.took) }))
    .filter(({ bars }) => bars.length > 0);
  if (rows.length === 0) return '';
  const shown = rows.length <= drawn ? rows : longest(rows, chain);
  const end = Math.max(1, ...shown.flatMap(({ bars }) => bars.map(({ to }) => to)));
  const width = Math.max(...shown.map(({ system }) => nameOf(system).length));
  const leftPadding = Math.max(75, 25 + 7 * width);
  const scale = (chartWidth - leftPadding - rightPadding) / end;
  return [
    ...head(leftPadding, end, highlightOf(record, chain)),
    ...shown.flatMap(({ system, bars }, index) => [
      `    section ${mermaidText(nameOf(system))}`,
      ...(index === 0 ? [origin] : []),
      ...bars.map((bar) => task(bar, isCritical(bar, system, chain), (bar.to - bar.from) * scale)),
    ]),
  ].join('\n');
}

function longest<Row extends { system: SystemRecord; bars: readonly Bar[] }>(
  rows: readonly Row[],
  chain: readonly ChainLink[],
): readonly Row[] {
  const inChain = ({ system }: Row) => chain.some(({ service }) => service === system.service);
  const endOf = ({ bars }: Row) => bars.at(-1)?.to ?? 0;
  const order = rows.toSorted((a, b) => Number(inChain(b)) - Number(inChain(a)) || endOf(b) - endOf(a));
  const kept = new Set(order.slice(0, drawn));
  return rows.filter((row) => kept.has(row));
}

interface Highlight {
  readonly colour: string;
  readonly meaning: string;
}

/** GitHub's own colours: Mermaid's for what is critical is a red that looks like a failure, and too bright for one. */
function highlightOf({ outcome }: RunRecord, chain: readonly ChainLink[]): Highlight | undefined {
  if (chain.length === 0) return undefined;
  return outcome === 'success'
    ? { colour: '#bc4c00', meaning: ' Orange: bounded the time.' }
    : { colour: '#cf222e', meaning: ' Red: the way to the failure.' };
}

/** Settings by front matter, which Mermaid 10.5 and newer read; the width is fixed since GitHub may draw while hidden. */
function head(leftPadding: number, end: number, highlight: Highlight | undefined): readonly string[] {
  const { colour, meaning } = highlight ?? { colour: '', meaning: '' };
  const theme = ['  themeVariables:', `    critBkgColor: "${colour}"`, `    critBorderColor: "${colour}"`];
  return [
    '---',
    'config:',
    ...(highlight === undefined ? [] : theme),
    '  gantt:',
    '    displayMode: compact',
    `    useWidth: ${chartWidth}`,
    `    leftPadding: ${leftPadding}`,
    `    rightPadding: ${rightPadding}`,
    '    numberSectionStyles: 2',
    '---',
    'gantt',
    `    title Grey: pulling its image. Blue: starting until it works.${meaning}`,
    '    dateFormat HH:mm:ss.SSS',
    `    axisFormat ${end < 60_000 ? '%-S s' : '%-M:%S'}`,
    `    tickInterval ${tick(end)}`,
    '    todayMarker off',
  ];
}

/** The distance of the axis' marks, so that there are about ten. */
function tick(end: number): string {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];
  const step = steps.find((each) => end / 1000 / each <= 12) ?? 3600;
  return step < 60 ? `${step}second` : `${step / 60}minute`;
}

/** The pull of its image, and its start until it works; the room between the two is waiting. */
function barsOf(system: SystemRecord, took: number): readonly Bar[] {
  const { source, pullStartedAt, pulledAt, startedAt, worksAt } = system;
  const pull = {
    kind: 'pull',
    from: source === 'pulled' ? pullStartedAt : undefined,
    to: pulledAt ?? took,
  } as const;
  const start = { kind: 'start', from: startedAt, to: worksAt ?? took } as const;
  return [pull, start].flatMap(({ kind, from, to }) =>
    from === undefined || to < from ? [] : [{ kind, from, to }],
  );
}

/** Whether most of a bar lies where its system held the others up. */
function isCritical(bar: Bar, system: SystemRecord, chain: readonly ChainLink[]): boolean {
  const link = chain.find(({ service }) => service === system.service);
  if (link === undefined) return false;
  return Math.min(bar.to, link.to) - Math.max(bar.from, link.from) > (bar.to - bar.from) / 2;
}

function task({ kind, from, to }: Bar, critical: boolean, room: number): string {
  const tags = { pull: 'done', start: 'active' };
  const tag = critical ? 'crit' : tags[kind];
  const time = `${seconds(to - from)} s`;
  // Words that are too long for their bar would cover the next one.
  const words = [`${kind} ${time}`, time].find((each) => each.length * letter < room) ?? '#8203;';
  return `    ${words} :${tag}, ${clock(from)}, ${clock(to)}`;
}

/** Long names differ at their ends. */
function nameOf({ service }: SystemRecord): string {
  const name = plain(service);
  return name.length <= 32 ? name : `${name.slice(0, 18)}…${name.slice(-13)}`.toWellFormed();
}

/**
 * Mermaid reads `#code;` as the character of that code; what could mean something to it is written so. It keeps names as
 * keys of an object, where a number comes too early and `constructor` is there already.
 */
function mermaidText(text: string): string {
  const isKeyOfItsOwn = /^[\d_]/.test(text) || text in {};
  const signs = [...text].map((sign, index) => {
    const plainly = /[\p{L}\p{N} ._-]/u.test(sign) && !(index === 0 && isKeyOfItsOwn);
    return plainly ? sign : `#${sign.codePointAt(0)};`;
  });
  return signs.join('');
}

/** A moment as a time of day, since then neither the reader's time zone nor its changes move the axis. */
function clock(milliseconds: number): string {
  const within = Math.min(Math.max(0, Math.round(milliseconds)), 24 * 3_600_000 - 1);
  return new Date(within).toISOString().slice(11, 23);
}

import type { Failure } from '../errors.ts';
import { code, link, plain, prose } from '../markdown.ts';
import type { RunRecord } from '../record.ts';
import { seconds } from '../report.ts';
import { type ChainLink, criticalChain } from './critical-chain.ts';
import { blame, docs, logEnd, warningBox } from './failure.ts';
import { imagesTable } from './images.ts';
import { fitted, type Scale } from './scale.ts';
import type { SeenLater } from './system-states.ts';
import { systemsTable } from './table.ts';
import { timeline } from './timeline.ts';

/** Where the evidence of a run is. */
export interface ArtifactPlace {
  readonly name: string;
  /** Absent until it is uploaded. */
  readonly url?: string;
}

export interface SummaryInput {
  readonly record: RunRecord;
  /** What was seen of the containers after the record was made. */
  readonly states?: readonly SeenLater[];
  /** The end of the failing system's log, with secrets already gone. */
  readonly failureLog?: string;
  readonly artifact?: ArtifactPlace;
  /** Bytes of UTF-8 that the summary may have; less than GitHub's limit unless told. */
  readonly limit?: number;
}

export interface AfterInput {
  /** Systems that worked and have stopped since. */
  readonly fallen: readonly Failure[];
  readonly warnings: readonly string[];
  readonly artifact?: ArtifactPlace;
  /** The evidence on the machine that runs the job. */
  readonly folder?: string;
  readonly limit?: number;
}

/** Systems that fell while the job ran, of which each is told of. */
const fallenShown = 10;

/** The job summary of a run as Markdown: how it went at a glance, and on failure first of all what failed and why. */
export function renderSummary(input: SummaryInput): string {
  return fitted((scale) => render(input, scale), input.record.systems.length, input.limit);
}

function render(input: SummaryInput, scale: Scale): string {
  const record = scale.answers ? input.record : withoutAnswers(input.record);
  const chain = criticalChain(record);
  const chart = scale.timeline ? timeline(record, chain) : '';
  const parts = [
    heading(record),
    record.failure === undefined ? [] : blame(record.failure),
    record.failure === undefined ? [] : logEnd(input.failureLog ?? '', record.failure, scale.logBytes),
    [whereTheRestIs(input)],
    [progress(record, chain)],
    systemsTable(record, input.states ?? [], scale.rows),
    chart === '' ? [] : ['```mermaid', chart, '```'],
    imagesTable(record, scale.rows),
    warningBox(record.warnings),
    record.systems.length === 0 ? [] : [`[How to read this](${docs}/summary.md)`],
  ];
  const text = parts.map((lines) => lines.join('\n'));
  return `${text.filter((part) => part !== '').join('\n\n')}\n`;
}

function withoutAnswers(record: RunRecord): RunRecord {
  return { ...record, systems: record.systems.map((system) => ({ ...system, probes: [] })) };
}

function heading({ failure, outcome, project, took }: RunRecord): readonly string[] {
  const name = code(project, 100);
  const what = name === '' ? 'Infrastructure' : `Infrastructure ${name}`;
  if (outcome === 'success') return [`### ✅ ${what} works after ${seconds(took)} s`];
  if (failure === undefined) return [`### 🚫 ${what} was cancelled after ${seconds(took)} s`];
  const system = failure.system === undefined ? '' : `${prose(failure.system, 100)}: `;
  return [`### ❌ ${system}${prose(failure.code, 100)}`];
}

function progress(record: RunRecord, chain: readonly ChainLink[]): string {
  const { systems, outcome, project, failure, took } = record;
  if (systems.length === 0) return '';
  const path = chain.map(({ service, from, to }) => `**${prose(service, 100)}** (${seconds(to - from)} s)`);
  const shown = path.length <= 8 ? path : [...path.slice(0, 4), '…', ...path.slice(-3)];
  const way = shown.join(' → ');
  if (outcome === 'success') return chain.length === 0 ? '' : `${way} bounded the time${spent(chain)}.`;
  const working = systems.filter(({ stage }) => stage === 'works').length;
  const name = project === '' || failure === undefined ? '' : ` of ${code(project, 100)}`;
  const count = `After ${seconds(took)} s, ${working} of ${systems.length} systems${name} worked.`;
  return chain.length < 2 ? count : `${count} On the way to the failure: ${way}${spent(chain)}.`;
}

function spent(chain: readonly ChainLink[]): string {
  const parts = (['pulling', 'waiting', 'starting'] as const).flatMap((part) => {
    const sum = chain.reduce((total, each) => total + each[part], 0);
    return sum < 50 ? [] : [`${seconds(sum)} s ${part}`];
  });
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function whereTheRestIs({ record, artifact }: SummaryInput): string {
  if (artifact === undefined || record.outcome === 'success' || record.systems.length === 0) return '';
  const place = link(plain(artifact.name), artifact.url);
  return `When the job has ended, every system’s whole log is in the artifact ${place}.`;
}

/** What the end of the job adds to its summary: which systems fell meanwhile, and where the logs are. Empty where there is nothing to say. */
export function renderAfter(input: AfterInput): string {
  return fitted((scale) => after(input, scale.rows), fallenShown, input.limit);
}

function after({ fallen, warnings, artifact, folder }: AfterInput, limit: number): string {
  const told = fallen.slice(0, limit);
  const left = fallen.length - told.length;
  const parts = [
    ...told.map((failure) => blame(failure, 'WARNING')),
    left === 0 ? [] : [`${left} more systems stopped during the job.`],
    whereTheLogsAre(artifact, folder),
    warningBox(warnings),
  ].filter((lines) => lines.length > 0);
  if (parts.length === 0) return '';
  const title = fallen.length === 0 ? '### 📄 Logs of the infrastructure' : '### ⚠️ Stopped during the job';
  return `${[[title], ...parts].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function whereTheLogsAre(artifact: ArtifactPlace | undefined, folder = ''): readonly string[] {
  const places = [
    ...(artifact === undefined ? [] : [`in the artifact ${link(plain(artifact.name), artifact.url)}`]),
    ...(folder === '' ? [] : [`in ${code(folder)} on the machine that ran the job`]),
  ];
  return places.length === 0 ? [] : [`Every system’s whole log is ${places.join(' and ')}.`];
}

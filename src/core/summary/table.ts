import { code, prose, table } from '../markdown.ts';
import type { RunRecord, SystemRecord } from '../record.ts';
import { seconds } from '../report.ts';
import { type SeenLater, stateOf } from './system-states.ts';

/** Addresses of one system that are listed. */
const addressesShown = 12;

/**
 * One row per system. After a success it ends with the addresses; otherwise with what became of each, the one at fault
 * first and those that worked last. Name and image share a cell: beside each other they are too wide for GitHub's page.
 */
export function systemsTable(
  record: RunRecord,
  states: readonly SeenLater[],
  limit: number,
): readonly string[] {
  if (record.systems.length === 0) return [];
  const success = record.outcome === 'success';
  const ordered = success
    ? record.systems
    : record.systems.toSorted((a, b) => rank(a, record) - rank(b, record));
  const seen = new Map(states.map((each) => [each.service, each]));
  const working = new Set(
    record.systems.flatMap(({ stage, service }) => (stage === 'works' ? [service] : [])),
  );
  const rows = ordered.slice(0, limit).map((system) => {
    const { mark, words } = stateOf(system, record.failure, working, seen.get(system.service));
    const aside = success && words !== 'works' ? ` (${words})` : '';
    const name = `${mark} **${prose(system.service, 100)}**${aside}<br>${imageOf(system)}`;
    return [name, ...timesOf(system), success ? addresses(system) : words];
  });
  const head = ['system', 'image from', 'start,&nbsp;s:', 'ready,&nbsp;s:', success ? 'addresses' : 'state'];
  const left = ordered.length - rows.length;
  const note = `${left} more systems are not listed: GitHub shows no longer page.`;
  return [...(rows.length === 0 ? [] : table(head, rows)), ...(left <= 0 ? [] : ['', note])];
}

function rank({ service, stage }: SystemRecord, { failure }: RunRecord): number {
  if (service === failure?.system) return 0;
  return stage === 'works' ? 2 : 1;
}

/** Without most of a digest, which nobody reads. */
export function imageOf({ image }: { readonly image: string }): string {
  return code(image.replace(/(@sha256:[0-9a-f]{8})[0-9a-f]+$/, '$1…'), 150);
}

function timesOf(system: SystemRecord): readonly string[] {
  const { startedAt, worksAt } = system;
  const ready = startedAt === undefined || worksAt === undefined ? '' : seconds(worksAt - startedAt);
  return [origin(system), startedAt === undefined ? '' : seconds(startedAt), ready];
}

function origin({ source, pullStartedAt, pulledAt }: SystemRecord): string {
  if (source !== 'pulled') return source === 'built' ? 'built' : 'this machine';
  return pullStartedAt === undefined || pulledAt === undefined
    ? ''
    : `pulled in ${seconds(pulledAt - pullStartedAt)}&nbsp;s`;
}

function addresses({ urls }: SystemRecord): string {
  const shown = urls.slice(0, addressesShown).map((url) => code(url, 200));
  return [...shown, ...(urls.length <= addressesShown ? [] : ['…'])].join('<br>');
}

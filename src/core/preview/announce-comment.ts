import { code, fenced, plainLines, prose, table } from '../markdown.ts';
import type { Subject } from './announce-subject.ts';
import type { PreviewState } from './state.ts';

/** A comment of a pull request. */
export interface Comment {
  readonly id: number;
  /** The login of its author; empty where the account is gone. */
  readonly author: string;
  readonly body: string;
}

/**
 * The first line of the one comment, which GitHub does not show: with it the next run finds the comment again. Previews in
 * other environments have others.
 */
export function commentMarker({ repository, environment }: Subject): string {
  // Encoded, because `-->` would end it.
  const names = [repository, environment].map((name) => encodeURIComponent(name.toWellFormed()));
  return `<!-- paklog/infra-action/preview ${names.join(' ')} -->`;
}

/**
 * The comments that are the one of this preview, the oldest first: there are more of them only where two runs began at once.
 * Somebody else may write the marker, too, so its author has to be the account that asks.
 */
export function ownComments(
  comments: readonly Comment[],
  subject: Subject,
  self: string,
): readonly Comment[] {
  const marker = commentMarker(subject);
  const own = comments.filter(({ author, body }) => author === self && body.startsWith(marker));
  return own.toSorted((a, b) => a.id - b.id);
}

/** The comment's Markdown. It is far below GitHub's limit of 65,536 characters. */
export function commentText(state: PreviewState, subject: Subject): string {
  const commit = ['Commit', shownCommit(subject.commit)];
  const environment = ['Environment', code(subject.environment)];
  const run = ['Run', `[log](${subject.runUrl})`];
  const { heading, rows = [], after = [] } = shownState(state);
  const facts = table(['Preview', heading], [...rows, commit, environment, run]);
  return [commentMarker(subject), '', ...facts, ...after].join('\n');
}

interface Shown {
  readonly heading: string;
  readonly rows?: readonly (readonly string[])[];
  readonly after?: readonly string[];
}

function shownState(state: PreviewState): Shown {
  switch (state.kind) {
    case 'building':
      return { heading: '⏳ is being built' };
    case 'ready':
      return {
        heading: '✅ is ready',
        rows: [
          ...state.urls.map(({ name, url }) => [code(name), shownUrl(url)]),
          ['Stays until', shownMoment(state.expires)],
        ],
      };
    case 'failed':
      return { heading: '❌ failed', after: [...title(state.title), ...cause(state.text)] };
    case 'closed':
      return { heading: because[state.because] };
  }
}

const because = {
  closed: '⚪ was taken down: the pull request is closed',
  expired: '⚪ was taken down: its time is over. The next push brings it back',
} as const;

/** GitHub makes a link of a whole commit, and shows seven digits. */
function shownCommit(commit: string): string {
  return /^[0-9a-f]{40}$/.test(commit) ? commit : code(commit);
}

const webAddress = /^https?:\/\/(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d+)?(?:\/[\w./?=&%~+-]*)?$/i;

/** Whether a preview's address is one that can be a link. */
export function isWebAddress(url: string): boolean {
  return webAddress.test(url);
}

function shownUrl(url: string): string {
  return isWebAddress(url) ? `<${url}>` : code(url);
}

/** `2026-11-28T10:30:00Z` as people read it. */
function shownMoment(moment: string): string {
  const [, day = '', minute = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(moment) ?? [];
  return day === '' ? code(moment) : `${day} ${minute} UTC`;
}

function title(text: string): readonly string[] {
  const shown = prose(text, 200);
  return shown === '' ? [] : ['', `**${shown}**`];
}

const mostCauseLines = 40;

function cause(text: string): readonly string[] {
  const lines = plainLines(text).trim().split('\n');
  const left = lines.length - mostCauseLines;
  const shown = lines.slice(0, mostCauseLines);
  const more = left > 0 ? [`… and ${left} more lines: see the run.`] : [];
  return lines.join('') === '' ? [] : ['', fenced([...shown, ...more].join('\n'))];
}

/** Terminal sequences: colours and cursor moves (CSI), titles and links (OSC), and the two-character ones (ECMA-48). */
const esc = '\u001b';
const bell = '\u0007';
const terminal = [
  `(?:${esc}\\[|\u009b)[0-?]*[ -/]*[@-~]`,
  `${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?`,
  `${esc}[ -/]*[0-~]`,
];
const terminalSequence = new RegExp(terminal.join('|'), 'g');

/** Lines as a terminal would leave them: no colours, no control characters, nothing invisible that reorders text. */
export function plainLines(text: string): string {
  return text
    .replace(terminalSequence, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, '')
    .toWellFormed();
}

/** One line of text, with single spaces, of at most so many characters. */
export function plain(text: string, limit = 300): string {
  // What is cut away is not worth the work of looking at it.
  const line = plainLines(text.slice(0, 4 * limit))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}

/** Text from anywhere as inline code; in it GitHub finds no link, mention or formula. */
export function code(text: string, limit?: number): string {
  const line = plain(text, limit);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** Backticks that belong together, words, and the blanks between them. */
const pieces = /`[^`]+`|[^\s`]+|`|\s+/g;
/** Words that GitHub makes links, mentions, references, formulas or pictures of. */
const active = /[@#$]|:\/\/|www\.|gh-\d|:[\w+-]+:|[0-9a-f]{7}/i;

/**
 * A sentence from anywhere. What stands in backticks is code, and so are words that
 * GitHub would make something else of; all other marks are shown as they are.
 */
export function prose(text: string, limit = 1000): string {
  const lines = plainLines(text.slice(0, 4 * limit)).split('\n');
  const shown = lines.map((line) => plain(line, limit)).filter((line) => line !== '');
  return shown.slice(0, 40).map(proseLine).join('<br>');
}

function proseLine(line: string): string {
  const parts: Part[] = [];
  for (const [piece] of line.matchAll(pieces)) {
    const before = parts.at(-1);
    const [, word = '', end = ''] = /^(.*?)([.,;:!?)\]]*)$/.exec(piece) ?? [];
    // Code that touches code would end it, so the two are one.
    if (before?.code && !/^[\s.,;:!?)\]]/.test(piece)) before.text += piece;
    else if (piece.length > 2 && piece.startsWith('`')) add(parts, piece.slice(1, -1), true);
    else if (active.test(word)) add(add(parts, word, true), end, false);
    else add(parts, piece, active.test(piece));
  }
  const shown = parts.map((part) => (part.code ? code(part.text) : escapeMarks(part.text))).join('');
  // At the start of a line these would begin a list.
  return shown.replace(/^[-+=]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2');
}

interface Part {
  text: string;
  readonly code: boolean;
}

function add(parts: Part[], text: string, isCode: boolean): Part[] {
  const before = parts.at(-1);
  if (before?.code === isCode) before.text += text;
  else if (text !== '') parts.push({ text, code: isCode });
  return parts;
}

function escapeMarks(text: string): string {
  return text
    .replace(/[\\*[\]~]/g, '\\$&')
    .replace(/(?<!\w)_|_(?!\w)/g, '\\_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', '&#96;');
}

/** Lines from anywhere as a block that nothing in them can end. */
export function fenced(text: string): string {
  const lines = plainLines(text).split('\n');
  // A line of a megabyte makes the page slow, and nobody reads its end.
  const shown = lines.map((line) => (line.length <= 1000 ? line : `${line.slice(0, 999).toWellFormed()}…`));
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}text`, ...shown, fence].join('\n');
}

/** A link with a name from anywhere; without an https address only the name. */
export function link(name: string, url: string | undefined): string {
  const label = code(name);
  if (url === undefined || !/^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w./?=&%~+-]*)?$/.test(url)) return label;
  return `[${label}](${url})`;
}

/** A table whose cells are Markdown already; columns that end in `:` are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  // A pipe ends a cell, even inside code, unless one backslash precedes it.
  const whole = (cell: string) => cell.replace(/\\(?=\|)/g, '\\ ').replaceAll('|', '\\|');
  const line = (cells: readonly string[]) => `| ${cells.map(whole).join(' | ')} |`;
  const rule = head.map((title) => (title.endsWith(':') ? '--:' : '---'));
  return [line(head.map((title) => title.replace(/:$/, ''))), `|${rule.join('|')}|`, ...rows.map(line)];
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

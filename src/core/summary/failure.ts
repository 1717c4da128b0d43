import type { Failure } from '../errors.ts';
import { code, fenced, plainLines, prose } from '../markdown.ts';

export const docs = 'https://github.com/paklog/infra-action/blob/v1/docs';
/** Lines of a failing system's log that are shown at once; the ones before stand folded. */
const openLines = 20;
const warningsShown = 20;

/** What failed, why and what to do, in one of GitHub's boxes. */
export function blame(
  { code: name, what, why, advice }: Failure,
  box: 'CAUTION' | 'WARNING' = 'CAUTION',
): readonly string[] {
  const anchor = name.toLowerCase().replace(/[^a-z0-9_-]/g, '');
  const more = `[More about ${code(name, 100)}](${docs}/troubleshooting.md#${anchor})`;
  const [happened, reason, remedy] = [prose(what), prose(why), prose(advice)];
  const told = [
    ...(happened === '' ? [] : [`**${happened}**`]),
    ...(reason === '' ? [] : [`**Why:** ${reason}`]),
    `**What to do:** ${remedy} ${more}`,
  ];
  return [`> [!${box}]`, `> ${told.join('\n>\n> ')}`];
}

/** The last lines stand open, the ones before are a click away. */
export function logEnd(log: string, { system = 'the command' }: Failure, bytes: number): readonly string[] {
  const kept = lastBytes(log, bytes);
  if (kept.trim() === '') return [];
  const lines = kept.split('\n');
  const earlier = lines.slice(0, -openLines);
  const summary = `<details><summary>${earlier.length} lines before these</summary>`;
  return [
    `**The end of ${prose(system, 100)}’s log**`,
    '',
    fenced(lines.slice(-openLines).join('\n')),
    ...(earlier.length === 0 ? [] : ['', summary, '', fenced(earlier.join('\n')), '', '</details>']),
  ];
}

function lastBytes(log: string, limit: number): string {
  if (limit === 0) return '';
  // Colours are longer than what is left without them; what lies further back would be cut anyway.
  const near = Buffer.from(plainLines(log.slice(-2 * limit)).trimEnd());
  const tail = near.subarray(-limit).toString();
  const isCut = log.length > 2 * limit || near.length > limit;
  // A first line of which only the end is there is worse than none.
  return isCut ? tail.slice(tail.indexOf('\n') + 1) : tail;
}

/** Warnings as GitHub's own box. */
export function warningBox(texts: readonly string[]): readonly string[] {
  const told = texts.map((text) => prose(text)).filter((text) => text !== '');
  if (told.length === 0) return [];
  const left = told.length - warningsShown;
  const shown = [...told.slice(0, warningsShown), ...(left <= 0 ? [] : [`and ${left} more`])];
  return ['> [!WARNING]', ...shown.map((text) => `> - ${text}`)];
}

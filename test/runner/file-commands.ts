import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const kinds = ['env', 'output', 'path', 'state', 'step_summary'] as const;
export type FileCommand = (typeof kinds)[number];
export type CommandFiles = Readonly<Record<FileCommand, string>>;

export const summaryLimit = 1024 * 1024;

/** Fresh, empty files for one step; the step before cannot write to them late. */
export async function createCommandFiles(folder: string, step: string): Promise<CommandFiles> {
  const files = kinds.map((kind) => [kind, join(folder, `${kind}_${step}`)] as const);
  await Promise.all(files.map(([, path]) => writeFile(path, '')));
  return Object.fromEntries(files) as CommandFiles;
}

export function commandFileEnvironment(files: CommandFiles): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([kind, path]) => [`GITHUB_${kind.toUpperCase()}`, path]),
  );
}

/** The text of a command file; a step may have deleted it. */
export async function takeCommandFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  await rm(path, { force: true });
  return text;
}

/** `name=value` and `name<<delimiter` entries. Those before a mistake have already been yielded, as the runner does. */
export function* readPairs(text: string): Generator<[string, string]> {
  const lines = text.split(/(?<=\n)/);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const content = line.replace(/\n$/, '');
    if (content === '') continue;
    const equals = content.indexOf('=');
    const heredoc = content.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [content.slice(0, equals), content.slice(equals + 1)];
    } else if (heredoc >= 0) {
      yield readHeredoc(content, heredoc, lines);
    } else {
      throw new Error(`Invalid format '${content}'`);
    }
  }
}

function readHeredoc(opening: string, at: number, lines: string[]): [string, string] {
  const name = opening.slice(0, at);
  const delimiter = opening.slice(at + 2);
  if (name === '' || delimiter === '') {
    throw new Error(`Invalid format '${opening}'. Name must not be empty and delimiter must not be empty`);
  }
  let value = '';
  for (;;) {
    const line = lines.shift();
    if (line === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    if (line.replace(/\n$/, '') === delimiter) return [name, value.replace(/\n$/, '')];
    if (!line.endsWith('\n')) throw new Error('Invalid value. EOF marker missing new line.');
    value += line;
  }
}

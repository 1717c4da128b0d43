import { isAbsolute, normalize, relative } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { amount } from '../core/evidence/amount.ts';
import { artifactPath, layout } from '../core/evidence/layout.ts';
import type { FoundFile } from '../io/evidence-files.ts';
import type { Collection } from './collection.ts';

/** More of them are a mistake, such as a pattern that matches all there is. */
const most = 5000;

/** A file with a NUL in so many bytes at its beginning is no text (as git tells them apart). */
const looked = 8000;

interface Chosen extends FoundFile {
  /** From the workspace on, as the pattern met it. */
  readonly name: string;
}

/** Copies files that the caller asked for. Nothing from outside the workspace, wherever a pattern or a link leads. */
export async function keepCallersFiles({
  request,
  limits,
  world,
  folder,
  part,
  warn,
}: Collection): Promise<void> {
  const { workspace, include } = request;
  const patterns = include.flatMap((pattern) => inWorkspace(pattern, workspace, warn));
  if (!patterns.some((pattern) => !pattern.startsWith('!'))) return;
  const paths = await world.globs.files(workspace, patterns);
  const root = (await world.files.look(workspace))?.path ?? workspace;
  let left = limits.files;
  const refused: string[] = [];
  for (const path of [...paths].sort().slice(0, most)) {
    const name = relative(workspace, path);
    const found = await choose(path, name, root, request.folder, world.files);
    if (typeof found === 'string') refused.push(`${name}: ${found}`);
    else if (found.bytes > left)
      refused.push(`${name}: no room, no more than ${amount(limits.files)} are kept`);
    else {
      left -= found.bytes;
      await part(`the file ${name}`, () => keepFile(found));
    }
  }
  if (paths.length > most) refused.push(`${paths.length - most} more: no more than ${most} files are kept`);
  if (refused.length > 0) warn(refusal(refused));

  async function keepFile({ path, name }: Chosen): Promise<void> {
    const target = `${layout.files}/${artifactPath(name)}`;
    if (await isBinary(path)) return folder.copy(target, world.files.chunks(path));
    const decoder = new StringDecoder('utf8');
    await folder.pieces(target, async (put) => {
      for await (const chunk of world.files.chunks(path)) await put(decoder.write(chunk));
      await put(decoder.end());
    });
  }

  async function isBinary(path: string): Promise<boolean> {
    for await (const chunk of world.files.chunks(path)) return chunk.subarray(0, looked).includes(0);
    return false;
  }
}

/** The pattern from the workspace on; none where it leads out of it. */
function inWorkspace(pattern: string, workspace: string, warn: (text: string) => void): readonly string[] {
  if (pattern.startsWith('#')) return [];
  const not = pattern.startsWith('!') ? '!' : '';
  const path = pattern.slice(not.length).trim();
  const inside = isAbsolute(path) ? relative(workspace, path) : normalize(path);
  if (inside !== '..' && !inside.startsWith('../') && !/^~(\/|$)/.test(inside)) return [`${not}${inside}`];
  warn(`Evidence: \`${pattern}\` in \`logs-include\` leads out of the workspace and is left out.`);
  return [];
}

/** What may be copied, or why it may not. */
async function choose(
  path: string,
  name: string,
  root: string,
  evidence: string,
  files: Collection['world']['files'],
): Promise<Chosen | string> {
  const found = await files.look(path);
  if (found === undefined) return 'it cannot be read';
  const inside = relative(root, found.path);
  if (inside.startsWith('..') || isAbsolute(inside)) return 'it is a link out of the workspace';
  if (!found.isFile) return 'it is no file';
  if (inside.split('/').includes('.git')) return 'git’s own files may hold credentials';
  if (!relative(evidence, path).startsWith('..')) return 'it is evidence itself';
  return { ...found, name };
}

function refusal(refused: readonly string[]): string {
  const shown = refused.slice(0, 5).join('; ');
  const more = refused.length > 5 ? `; and ${refused.length - 5} more` : '';
  return `Evidence: files of \`logs-include\` were left out: ${shown}${more}.`;
}

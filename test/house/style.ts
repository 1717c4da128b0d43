import { basename } from 'node:path';
import {
  at,
  isScript,
  lineCount,
  type SourceFile,
  type SyntaxNode,
  topLevel,
  type Violations,
  walk,
} from './source.ts';

/** A module mock tests a copy of the program; what is to be replaced is passed in. */
export function noModuleMocks(files: readonly SourceFile[]): Violations {
  return find(
    files,
    (node, file) => node.type === 'CallExpression' && /^vi\.(do)?mock\b/i.test(textOf(file, node)),
    'mocks a module',
  );
}

export function noAny(files: readonly SourceFile[]): Violations {
  return find(files, (node) => node.type === 'TSAnyKeyword', 'any');
}

/** Names that say nothing collect what belongs elsewhere. */
export function noEmptyNames(files: readonly SourceFile[]): Violations {
  const empty = files.filter(({ path }) =>
    /(^|[-_.])(utils?|helpers?|managers?|misc|common)([-_.]|$)/i.test(basename(path)),
  );
  return empty.map(({ path }) => `${path}: a name that says nothing`);
}

export interface Limits {
  readonly fileLines: number;
  readonly functionLines: number;
  readonly entryLines: number;
  readonly entries: readonly string[];
  /** Files above the limit, each with its reason. */
  readonly exceptions: Readonly<Record<string, string>>;
}

export function sizesStaySmall(files: readonly SourceFile[], limits: Limits): Violations {
  const scripts = files.filter(isScript);
  const long = scripts.flatMap(({ path, text }) => {
    const limit = limits.entries.includes(path) ? limits.entryLines : limits.fileLines;
    const lines = lineCount(text);
    const excused = path in limits.exceptions;
    if (lines <= limit) return excused ? [`${path}: needs no exception any more`] : [];
    return excused ? [] : [`${path}: ${lines} lines, more than ${limit}`];
  });
  const missing = Object.keys(limits.exceptions).filter(
    (path) => !scripts.some((file) => file.path === path),
  );
  return [
    ...long,
    ...missing.map((path) => `${path}: an exception for a file that is not there`),
    ...scripts.flatMap((file) => longFunctions(file, limits.functionLines)),
  ];
}

/** Functions inside a function have their own limit, and their lines are not its own. A `describe` is a chapter, not a function. */
function longFunctions(file: SourceFile, limit: number): string[] {
  const found: string[] = [];
  walk(topLevel(file), (node, parent) => {
    const chapter = parent?.type === 'CallExpression' && textOf(file, parent).startsWith('describe');
    const lines = ownLines(file, node);
    if (isFunction(node) && !chapter && lines > limit)
      found.push(`${at(file, node.start)}: a function of ${lines} lines, more than ${limit}`);
    return true;
  });
  return found;
}

function isFunction({ type }: SyntaxNode): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);
}

function ownLines(file: SourceFile, node: SyntaxNode): number {
  let nested = 0;
  walk(node, (inner) => {
    if (inner === node || !isFunction(inner)) return true;
    nested += lineCount(textOf(file, inner)) - 1;
    return false;
  });
  return lineCount(textOf(file, node)) - nested;
}

function find(
  files: readonly SourceFile[],
  matches: (node: SyntaxNode, file: SourceFile) => boolean,
  what: string,
): Violations {
  return files.filter(isScript).flatMap((file) => {
    const found: string[] = [];
    walk(topLevel(file), (node) => {
      if (matches(node, file)) found.push(`${at(file, node.start)}: ${what}`);
      return true;
    });
    return found;
  });
}

function textOf(file: SourceFile, node: SyntaxNode): string {
  return file.text.slice(node.start, node.end);
}

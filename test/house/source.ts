import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A file of the repository: its path from the root, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A rule names what breaks it: `path:line: what`. */
export type Violations = readonly string[];

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export function isScript({ path }: SourceFile): boolean {
  return /\.(ts|mjs|js)$/.test(path);
}

export function topLevel(file: SourceFile): readonly SyntaxNode[] {
  return parse(file).program.body as unknown as readonly SyntaxNode[];
}

/** Every node below, itself first; `enter` says whether to go into it. */
export function walk(
  node: unknown,
  enter: (node: SyntaxNode, parent?: SyntaxNode) => boolean,
  parent?: SyntaxNode,
) {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, enter, parent);
  } else if (isNode(node) && enter(node, parent)) {
    for (const value of Object.values(node)) walk(value, enter, node);
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function at(file: SourceFile, offset: number): string {
  return `${file.path}:${file.text.slice(0, offset).split('\n').length}`;
}

export function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

export interface Import {
  readonly where: string;
  readonly specifier: string;
  /** The file from the repository's root, for a relative one. */
  readonly target: string | undefined;
  /** The package, for one that is neither relative nor Node's own. */
  readonly packageName: string | undefined;
}

/** Every import of a file: of types, re-exports and `import()` too. */
export function importsOf(file: SourceFile): Import[] {
  const { module } = parse(file);
  const fixed = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest)),
  ].flatMap((request) => (request ? [{ start: request.start, specifier: request.value }] : []));
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    start,
    specifier: file.text.slice(start + 1, end - 1),
  }));
  return [...fixed, ...dynamic].map(({ start, specifier }) => {
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : undefined;
    const [, packageName] = /^(?!\.|node:)((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
    return { where: at(file, start), specifier, target, packageName };
  });
}

function parse(file: SourceFile) {
  const parsed = parseSync(file.path, file.text);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${file.path} cannot be parsed: ${error.message}`);
  return parsed;
}

import {
  at,
  type Import,
  importsOf,
  isScript,
  type SourceFile,
  type SyntaxNode,
  topLevel,
  type Violations,
  walk,
} from './source.ts';

const below =
  (folder: string) =>
  (file: SourceFile): boolean =>
    isScript(file) && file.path.startsWith(`${folder}/`);
const toPackage =
  (name: string) =>
  (item: Import): boolean =>
    item.packageName === name;

/** The core is pure: it imports itself, and the packages that are pure too. */
export function coreStaysPure(files: readonly SourceFile[], purePackages: readonly string[]): Violations {
  const allowed = (item: Import): boolean =>
    item.target?.startsWith('src/core/') ?? purePackages.some((name) => toPackage(name)(item));
  const imports = files.filter(below('src/core')).flatMap(importsOf);
  return imports
    .filter((item) => !allowed(item))
    .map(({ where, specifier }) => `${where}: core imports ${specifier}`);
}

/** One outside world per file: whoever needs two of them is given both. */
export function outsideWorldsStayApart(files: readonly SourceFile[]): Violations {
  const imports = files.filter(below('src/io')).flatMap(importsOf);
  const crossing = imports.filter(({ target }) => target?.startsWith('src/io/'));
  return crossing.map(({ where, specifier }) => `${where}: io imports io, ${specifier}`);
}

/** A package is met in one place, so that it can be replaced there. */
export function packagesHaveOneDoor(
  files: readonly SourceFile[],
  dependencies: readonly string[],
  purePackages: readonly string[],
): Violations {
  const sources = files.filter(below('src')).map((file) => ({ path: file.path, imports: importsOf(file) }));
  const strangers = sources
    .flatMap(({ imports }) => imports)
    .filter(({ packageName }) => packageName !== undefined && !dependencies.includes(packageName))
    .map(({ where, specifier }) => `${where}: ${specifier} is no dependency`);
  const doors = dependencies.flatMap((name) => {
    const importers = sources.filter(({ imports }) => imports.some(toPackage(name))).map(({ path }) => path);
    if (purePackages.includes(name) && importers.length > 0) return [];
    const good = importers.length === 1 && importers[0]?.startsWith('src/io/');
    return good
      ? []
      : [
          `package.json: ${name} is imported by ${importers.join(', ') || 'nothing'}, not by one file of src/io`,
        ];
  });
  return [...strangers, ...doors];
}

/** Importing a file does nothing; only the entries act. */
export function onlyEntriesAct(files: readonly SourceFile[], entries: readonly string[]): Violations {
  const quiet = files.filter((file) => below('src')(file) && !entries.includes(file.path));
  return quiet.flatMap((file) =>
    topLevel(file)
      .filter((statement) => acts(file, statement))
      .map((statement) => `${at(file, statement.start)}: acts when it is imported`),
  );
}

const declarations = [
  ...['ImportDeclaration', 'ExportAllDeclaration', 'FunctionDeclaration', 'ClassDeclaration'],
  ...['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSDeclareFunction'],
];
const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
/** What may be computed on import: collections, and methods of values, which can touch nothing outside. */
const pureCalls =
  /^(new (Set|Map|RegExp|URL|Intl\.\w+)|Object\.\w+|Array\.\w+|Math\.\w+|Number|String|Symbol|BigInt)$/;
const pureMethods =
  /\.(map|filter|flatMap|flat|join|split|concat|slice|sort|toSorted|replace|replaceAll|keys|values|entries|trim|repeat)$/;

function acts(file: SourceFile, statement: SyntaxNode): boolean {
  if (declarations.includes(statement.type)) return false;
  const inner = statement['declaration'] as SyntaxNode | null | undefined;
  if (statement.type.startsWith('Export')) return inner ? acts(file, inner) : false;
  if (statement.type === 'Identifier' || functions.includes(statement.type)) return false;
  if (statement.type !== 'VariableDeclaration') return true;
  let found = false;
  walk(statement, (node) => {
    if (functions.includes(node.type)) return false;
    if (node.type === 'AwaitExpression') found = true;
    if (node.type === 'CallExpression' || node.type === 'NewExpression') found ||= !isPure(file, node);
    return !found;
  });
  return found;
}

function isPure(file: SourceFile, call: SyntaxNode): boolean {
  const callee = call['callee'] as SyntaxNode;
  const name = file.text.slice(callee.start, callee.end);
  return pureCalls.test(call.type === 'NewExpression' ? `new ${name}` : name) || pureMethods.test(name);
}

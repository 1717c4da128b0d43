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
  (...folders: readonly string[]) =>
  (file: SourceFile): boolean =>
    isScript(file) && folders.some((folder) => file.path.startsWith(`${folder}/`));
const toPackage =
  (name: string) =>
  (item: Import): boolean =>
    item.packageName === name;

/** The core is pure: it imports itself, and the packages that are pure too. The core of smoke imports that of src as well. */
export function coreStaysPure(files: readonly SourceFile[], purePackages: readonly string[]): Violations {
  const importsBelow = (folder: string, ...cores: readonly string[]) => {
    const allowed = (item: Import): boolean =>
      item.target === undefined
        ? purePackages.some((name) => toPackage(name)(item))
        : cores.some((core) => item.target?.startsWith(`${core}/`));
    return files
      .filter(below(folder))
      .flatMap(importsOf)
      .filter((item) => !allowed(item));
  };
  const found = [
    ...importsBelow('src/core', 'src/core'),
    ...importsBelow('smoke/core', 'smoke/core', 'src/core'),
  ];
  return found.map(({ where, specifier }) => `${where}: core imports ${specifier}`);
}

/** Where outside worlds are: those of the action, and the clients of the systems that smoke asks. */
const worlds = ['src/io', 'smoke/clients'];

/** One outside world per file: whoever needs two of them is given both. */
export function outsideWorldsStayApart(files: readonly SourceFile[]): Violations {
  const imports = files.filter(below(...worlds)).flatMap(importsOf);
  const crossing = imports.filter(({ target }) => worlds.some((world) => target?.startsWith(`${world}/`)));
  return crossing.map(({ where, specifier }) => `${where}: io imports io, ${specifier}`);
}

/** What brings a stack up knows nothing of what proves it. */
export function sourceStandsAlone(files: readonly SourceFile[]): Violations {
  const imports = files.filter(below('src')).flatMap(importsOf);
  const leaving = imports.filter(({ target }) => target !== undefined && !target.startsWith('src/'));
  return leaving.map(({ where, specifier }) => `${where}: src imports ${specifier}`);
}

/** A package is met in one place, so that it can be replaced there. */
export function packagesHaveOneDoor(
  files: readonly SourceFile[],
  dependencies: readonly string[],
  purePackages: readonly string[],
): Violations {
  const sources = files
    .filter(below('src', 'smoke'))
    .map((file) => ({ path: file.path, imports: importsOf(file) }));
  const strangers = sources
    .flatMap(({ imports }) => imports)
    .filter(({ packageName }) => packageName !== undefined && !dependencies.includes(packageName))
    .map(({ where, specifier }) => `${where}: ${specifier} is no dependency`);
  const doors = dependencies.flatMap((name) => {
    const importers = sources.filter(({ imports }) => imports.some(toPackage(name))).map(({ path }) => path);
    if (purePackages.includes(name) && importers.length > 0) return [];
    const good = importers.length === 1 && worlds.some((world) => importers[0]?.startsWith(`${world}/`));
    return good
      ? []
      : [
          `package.json: ${name} is imported by ${importers.join(', ') || 'nothing'}, not by one file of src/io or smoke/clients`,
        ];
  });
  return [...strangers, ...doors];
}

/** Importing a file does nothing; only the entries act. */
export function onlyEntriesAct(files: readonly SourceFile[], entries: readonly string[]): Violations {
  const quiet = files.filter((file) => below('src', 'smoke')(file) && !entries.includes(file.path));
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

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';

export interface Difference {
  readonly id: string;
  readonly text: string;
  /** Checks that cannot pass on the stand-in because of it. */
  readonly checks?: readonly string[];
}

/** A folder that says how a stand-in is made: recipe.yaml, Dockerfile, and build.sh where something is made on the host. */
export interface Recipe {
  readonly name: string;
  readonly folder: string;
  readonly repository: string;
  readonly base?: string;
  readonly upstream: { readonly software: string; readonly version: string; readonly from: string };
  /** MB of disk while it is built. */
  readonly disk: number;
  /** Seconds of CPU that a first build takes, about; the longest is built first. */
  readonly cpu: number;
  readonly differences: readonly Difference[];
}

const root = import.meta.dirname;

/** Reads `test/images/<name>`, or `test/images/base/<name>` for a base image. */
export function readRecipe(name: string): Recipe {
  const folder = [join(root, name), join(root, 'base', name)].find((each) =>
    existsSync(join(each, 'recipe.yaml')),
  );
  if (folder === undefined) throw new Error(`There is no recipe for ${name} below ${root}.`);
  const recipe = parse(readFileSync(join(folder, 'recipe.yaml'), 'utf8'));
  return { cpu: 10, differences: [], ...recipe, name, folder };
}

/** Every image that stands in for a published one. */
export function allRecipes(): readonly Recipe[] {
  const names = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'base',
  );
  return names
    .map(({ name }) => name)
    .filter((name) => existsSync(join(root, name, 'recipe.yaml')))
    .map(readRecipe);
}

/** A recipe with its bases, every base before what is built on it. */
export function withBases(recipe: Recipe): readonly Recipe[] {
  return recipe.base === undefined || recipe.base === 'scratch'
    ? [recipe]
    : [...withBases(readRecipe(recipe.base)), recipe];
}

/** Changes when anything does that the image is made from; what recipe.yaml says about it is no part of it. */
export function contentKey(recipe: Recipe, reference: string): string {
  const chain = withBases(recipe);
  const files = chain
    .flatMap(({ folder }) => filesBelow(folder))
    .filter((file) => !file.endsWith('recipe.yaml'));
  return digest([
    reference,
    ...chain.map(({ name }) => name),
    ...files.flatMap(describe),
    ...sharedScripts(),
  ]);
}

/** Changes only with what is made on the host, so that another entrypoint compiles nothing again. */
export function artefactKey(recipe: Recipe): string {
  const inputs = filesBelow(recipe.folder).filter((file) =>
    /(build\.sh|go\.mod|go\.sum|pom\.xml|\.go|package(-lock)?\.json)$/.test(file),
  );
  return digest([...inputs.flatMap(describe), ...(recipe.folder.includes('/base/') ? sharedScripts() : [])]);
}

/** Scripts that several recipes call. */
function sharedScripts(): readonly string[] {
  const folder = join(root, 'base');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));
  return scripts.sort().flatMap((name) => describe(join(folder, name)));
}

function describe(file: string): readonly string[] {
  const executable = (statSync(file).mode & 0o100) !== 0;
  return [relative(root, file), executable ? 'x' : '-', digest([readFileSync(file, 'utf8')])];
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

import { isAbsolute, join, resolve } from 'node:path';
import { readCallersFiles } from './callers-requests.ts';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import { decodeCatalogue } from './core/catalogue/decode-catalogue.ts';
import { checkComposeText } from './core/compose-text.ts';
import { inputFailure, type Problem } from './core/errors.ts';
import { type Inputs, inputNames, parseInputs, unknownImages } from './core/inputs.ts';
import { entries, type Json } from './core/json.ts';
import { unknownNames } from './core/selection.ts';
import type { World } from './world.ts';

/** What the caller wants, read and checked as far as that goes without an engine. */
export interface Wanted {
  readonly inputs: Inputs;
  /** The stack's Compose files, empty for `services: none`. */
  readonly stackFiles: readonly string[];
  /** The caller's Compose files, absolute. */
  readonly ownFiles: readonly string[];
  /** The services of the stack's own file; all others are the caller's. */
  readonly stackServices: readonly string[];
}

/**
 * Reads inputs and every Compose file, and reports all problems at once, before anything is started.
 * @throws UserError
 */
export async function readRequest(world: World): Promise<Wanted> {
  const stackFile = stackFileOf(world);
  const stack = await readCompose(stackFile, world);
  const declared = decodeCatalogue(stack.map['x-paklog']).catalogue;
  const names = [...inputNames, ...declared.inputs.map(({ name }) => name)];
  const raw = Object.fromEntries(names.map((name) => [name, world.runner.input(name)]));
  const { inputs, problems } = parseInputs(raw, declared);
  const ownFiles = inputs.composeFiles.map((file) => resolve(workspace(world), file));
  const own = await Promise.all(
    ownFiles.map((file, index) => readCompose(file, world, inputs.composeFiles[index])),
  );
  const callers = await readCallersFiles(inputs.requests, workspace(world), world);
  const { requests } = callers;
  const files = inputs.services.includes('none') ? own : [stack, ...own];
  const found = [
    ...[stack, ...own].flatMap((each) => each.problems),
    ...problems,
    ...callers.problems,
    ...unknown(inputs, files),
  ];
  if (found.length > 0) throw inputFailure(found);
  const overlays = requests.flatMap((each) =>
    each.kind === 'overlay' ? [join(world.stack, each.file)] : [],
  );
  return {
    inputs: { ...inputs, requests },
    stackFiles: files.includes(stack) ? [stackFile, ...overlays] : [],
    ownFiles,
    stackServices: files.includes(stack) ? serviceNames(stack.map) : [],
  };
}

export function stackFileOf({ stack }: World): string {
  return join(stack, 'compose.yaml');
}

export interface ComposeFile {
  readonly map: Json;
  readonly problems: readonly Problem[];
}

/** Names that cannot be right, as far as the files' own text tells; files they include are Compose's to read. */
function unknown(inputs: Inputs, files: readonly ComposeFile[]): readonly Problem[] {
  const decoded = files.map(({ map }) => decodeCatalogue(map['x-paklog']));
  const mistakes = decoded.length === 1 ? decoded.flatMap(({ problems }) => problems) : [];
  if (files.some(({ map, problems }) => map['include'] !== undefined || problems.length > 0)) return mistakes;
  const services = [...new Set(files.flatMap(({ map }) => serviceNames(map)))];
  const catalogue: Catalogue = {
    systems: new Map(decoded.flatMap((each) => [...each.catalogue.systems])),
    inputs: [],
  };
  return [
    ...mistakes,
    ...unknownNames(inputs.services, services, catalogue),
    ...unknownImages(inputs, services),
  ];
}

export function workspace(world: World): string {
  return world.runner.variable('GITHUB_WORKSPACE') || process.cwd();
}

export function serviceNames(map: Json): readonly string[] {
  return entries(map['services']).map(([name]) => name);
}

export async function readCompose(file: string, world: World, shown = file): Promise<ComposeFile> {
  if (!(await world.machine.isFile(file))) {
    const where = isAbsolute(shown) ? '' : ` in ${workspace(world)}`;
    const what = `there is no such file${where}, or it is a folder`;
    return { map: {}, problems: [{ where: `compose file ${shown}`, what }] };
  }
  try {
    return checkComposeText(shown, await world.machine.readText(file));
  } catch (error) {
    return {
      map: {},
      problems: [{ where: `compose file ${shown}`, what: `cannot be read: ${String(error)}` }],
    };
  }
}

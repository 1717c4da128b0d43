import { dirname, join } from 'node:path';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import { decodeCatalogue } from './core/catalogue/decode-catalogue.ts';
import { explainCompose } from './core/causes/explain.ts';
import { refusedNames } from './core/endpoints.ts';
import { inputFailure, quote, UserError } from './core/errors.ts';
import type { Inputs } from './core/inputs.ts';
import { catalogueOf, decodeModel, type Model } from './core/model.ts';
import { undecidable } from './core/plan.ts';
import {
  assignPorts,
  type Binding,
  portClashes,
  portsToChoose,
  portVariables,
  publishedPorts,
} from './core/ports.ts';
import { requestsWithoutSystem, type Selected, select } from './core/selection.ts';
import type { Wanted } from './read-request.ts';
import type { World } from './world.ts';

/** One Compose model, with what takes part and the ports it gets. */
export interface Resolved {
  readonly model: Model;
  readonly catalogue: Catalogue;
  readonly selected: readonly Selected[];
  readonly bindings: readonly Binding[];
}

/**
 * Has Compose resolve the stack's and the caller's files to one model, and decides services and ports.
 * @throws UserError
 */
export async function resolveModel(
  wanted: Wanted,
  project: string,
  directory: string,
  world: World,
): Promise<Resolved> {
  const { inputs } = wanted;
  const advertised = { PAKLOG_ADVERTISE_HOST: inputs.advertiseHost, PAKLOG_BIND_ADDRESS: inputs.bindAddress };
  const first = await composeModel(wanted, project, directory, advertised, world);
  const { catalogue, problems: mistakes } = decodeCatalogue(catalogueOf(first));
  // From the model, since files of the caller may include others.
  const callers = [...first.services.keys()].filter((name) => !wanted.stackServices.includes(name));
  const own = wanted.ownFiles.length === 0 ? [] : callers;
  const { selected, problems } = select({ services: inputs.services, own }, first, catalogue);
  const services = selected.map(({ service }) => service);
  const found = [
    ...mistakes,
    ...problems,
    ...requestsWithoutSystem(inputs.requests, selected),
    ...undecidable(services, first, catalogue),
    ...refusedNames(catalogue).map((name) => ({
      where: 'x-paklog',
      what: `${quote(name)} must not be exported: it would change how later steps run, or is no name`,
    })),
  ];
  if (found.length > 0) throw inputFailure(found);
  const { bindings, chosen } = await bindPorts(first, services, inputs, world);
  if (!chosen) return { model: first, catalogue, selected, bindings };
  const model = await composeModel(
    wanted,
    project,
    directory,
    { ...advertised, ...portVariables(bindings) },
    world,
  );
  return { model, catalogue: decodeCatalogue(catalogueOf(model)).catalogue, selected, bindings };
}

/** The host port of every published port, and whether any of them is another than the files name. */
async function bindPorts(
  model: Model,
  services: readonly string[],
  inputs: Inputs,
  world: World,
): Promise<{ bindings: readonly Binding[]; chosen: boolean }> {
  const ports = publishedPorts(model, services);
  const wanted = portsToChoose(ports, inputs.ports);
  const free = await world.machine.freePorts(inputs.bindAddress, wanted);
  if (free.length < wanted) {
    const what = `${quote(inputs.bindAddress)} is not an address of this machine`;
    throw inputFailure([{ where: 'bind-address', what }]);
  }
  const bindings = assignPorts(ports, inputs.ports, free);
  const clashes = portClashes(bindings);
  if (clashes.length > 0) throw inputFailure(clashes);
  return { bindings, chosen: wanted > 0 };
}

/**
 * The stack is resolved first, to absolute paths: Compose takes relative paths of all files as relative to one folder,
 * and the caller's have to mean the caller's.
 */
export async function composeModel(
  wanted: Pick<Wanted, 'stackFiles' | 'ownFiles'>,
  project: string,
  directory: string,
  env: Readonly<Record<string, string>>,
  world: World,
): Promise<Model> {
  const [firstOwn] = wanted.ownFiles;
  if (wanted.stackFiles.length === 0)
    return decodeModel(await config(wanted.ownFiles, { project, env }, world));
  const stack = await config(wanted.stackFiles, { project, env }, world);
  if (firstOwn === undefined) return decodeModel(stack);
  const resolved = join(directory, 'stack.json');
  await world.machine.writeText(resolved, JSON.stringify(stack));
  return decodeModel(
    await config([resolved, ...wanted.ownFiles], { project, directory: dirname(firstOwn), env }, world),
  );
}

async function config(
  files: readonly string[],
  options: Parameters<World['compose']['config']>[1],
  world: World,
): Promise<unknown> {
  const result = await world.compose.config(files, options);
  if (result.exitCode !== 0) throw new UserError(explainCompose(result));
  return JSON.parse(result.stdout);
}

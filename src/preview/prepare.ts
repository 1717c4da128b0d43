import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { decodeCatalogue } from '../core/catalogue/decode-catalogue.ts';
import { inputFailure } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { catalogueOf, type Model, sharedNetwork } from '../core/model.ts';
import type { Deployment } from '../core/preview/deployment.ts';
import { hostOf } from '../core/preview/engine-address.ts';
import { unknownExposures } from '../core/preview/exposure.ts';
import { choosePorts } from '../core/preview/host-ports.ts';
import { type Mark, nameOf } from '../core/preview/identity.ts';
import type { PlaceName, Reach } from '../core/preview/inputs.ts';
import { bindsOf, configFiles, escapes, type Source, sourceProblems } from '../core/preview/mounts.ts';
import { select } from '../core/selection.ts';
import { workspace } from '../read-request.ts';
import { composeModel } from '../resolve-model.ts';
import type { World } from '../world.ts';
import type { Place } from './place.ts';
import type { PreviewRequest } from './request.ts';
import type { Session } from './session.ts';

export interface Marks {
  readonly project: string;
  readonly mark: Mark;
  readonly settled: Mark;
}

/**
 * Decides all of a preview from the caller's files, what they name on this machine, and what the engine has. `avoid` are ports
 * that are not free, although no container publishes them.
 * @throws UserError
 */
export async function prepare(
  { project, mark, settled }: Marks,
  avoid: readonly number[],
  directory: string,
  { request, run, show }: Session,
  place: Place,
): Promise<Deployment> {
  const { world } = show;
  const { inputs } = request;
  const model = await composeModel(request, project, directory, {}, world);
  await show.hide(model.json);
  run.catalogue = decodeCatalogue(catalogueOf(model)).catalogue;
  const own = [...model.services.keys()].filter((name) => !request.stackServices.includes(name));
  const services = takingPart(model, own, request, run.catalogue);
  const sources = await readSources(model.json, services, world);
  const problems = [
    ...unknownExposures(inputs.exposures, services),
    ...unknownImages(inputs.images, services),
    ...sourceProblems(model.json, services, sources),
    ...escapes(model.json, services),
  ];
  if (problems.length > 0) throw inputFailure(problems);
  const reach = await reachOf(inputs.reach, inputs.place, world);
  const ports = await freeDoors(project, { ...inputs, reach }, avoid, place);
  const { images, exposures } = inputs;
  // One engine has what it has built.
  const registry = inputs.place === 'swarm' ? inputs.registry : '';
  const name = nameOf(mark.repository, mark.number);
  const network = sharedNetwork(model);
  const asked = { place: inputs.place, images, registry, exposures, reach };
  const found = { model: model.json, services, own: own.filter((each) => services.includes(each)), network };
  return { project, name, ...asked, ...found, ports, sources, mark, settled };
}

/** The ports of the host that a preview publishes: none behind a proxy. @throws UserError */
async function freeDoors(
  project: string,
  { exposures, reach }: Pick<Deployment, 'exposures' | 'reach'>,
  avoid: readonly number[],
  place: Place,
): Promise<ReadonlyMap<string, number>> {
  if (reach.proxy !== 'none') return new Map();
  const programs = avoid.map((port) => ({ project: '', service: '', target: 0, port }));
  const taken = [...(await place.taken()), ...programs];
  const ports = choosePorts(project, exposures, reach.ports, taken);
  if (ports.size < exposures.length)
    throw inputFailure([
      { where: 'ports', what: 'none of them is free on the host; take more, or take previews down' },
    ]);
  return ports;
}

function takingPart(
  model: Model,
  own: readonly string[],
  { inputs }: PreviewRequest,
  catalogue: Catalogue,
): readonly string[] {
  const { selected, problems } = select({ services: inputs.services, own }, model, catalogue);
  if (problems.length > 0) throw inputFailure(problems);
  return selected.map(({ service }) => service);
}

function unknownImages(images: ReadonlyMap<string, string>, services: readonly string[]) {
  const unknown = [...images.keys()].filter((name) => !services.includes(name));
  return unknown.map((name) => ({ where: 'images', what: `there is no service ${name} in this preview` }));
}

/** What stands at every path of this machine that the model names: mounts, and files of configs. */
async function readSources(
  model: Json,
  services: readonly string[],
  world: World,
): Promise<ReadonlyMap<string, Source>> {
  const configs = configFiles(model).map(({ file }) => file);
  const paths = [...new Set([...bindsOf(model, services).map(({ source }) => source), ...configs])];
  const roots = [workspace(world), world.stack];
  const found = await Promise.all(
    paths.map(async (path) => [path, await world.sources.read(path, roots)] as const),
  );
  return new Map(found);
}

/** Fills in what the caller has left to the engine's address. */
async function reachOf(reach: Reach, place: PlaceName, { previews }: World): Promise<Reach> {
  // Where tasks publish ports themselves, the address is known once they run.
  if (reach.proxy !== 'none' || (place === 'swarm' && reach.routing === 'host')) return reach;
  const remote = reach.host === '' || reach.bindAddress === '' ? hostOf(await previews.address()) : '';
  const host = reach.host || remote || 'localhost';
  const bindAddress = reach.bindAddress || (remote === '' && host === 'localhost' ? '127.0.0.1' : '0.0.0.0');
  return { ...reach, host, bindAddress };
}

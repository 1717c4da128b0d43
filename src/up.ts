import { join } from 'node:path';
import { bringUp } from './bring-up.ts';
import { checkEngine } from './check-engine.ts';
import { arrange } from './core/arrange.ts';
import { reachable } from './core/endpoints.ts';
import { UserError } from './core/errors.ts';
import { decodeModel, type Model } from './core/model.ts';
import { makePlan, renderPlan } from './core/plan.ts';
import { encodeState, uniqueProject } from './core/state.ts';
import { startWeights } from './core/weights.ts';
import { handOver } from './hand-over.ts';
import { probeAddress } from './probing.ts';
import { readRequest, type Wanted } from './read-request.ts';
import { reportFailure } from './report-failure.ts';
import { resolveModel } from './resolve-model.ts';
import type { World } from './world.ts';

/**
 * The action's main phase: from inputs to a stack in which every system works. A failure is reported as one annotation and
 * fails the step; taking down is post's, which also comes after a cancellation.
 */
export async function up(world: World, cancelled: AbortSignal): Promise<void> {
  const began = world.machine.now();
  let project: string | undefined;
  try {
    const wanted = await readRequest(world);
    await checkEngine(world);
    project = wanted.inputs.projectName || ownName(world);
    await bring(wanted, project, began, world, cancelled);
  } catch (error) {
    if (cancelled.aborted) {
      world.runner.info('Cancelled; post takes down what was started.');
      process.exitCode = 1;
    } else await reportFailure(error, project, world);
  }
}

async function bring(
  wanted: Wanted,
  project: string,
  began: number,
  world: World,
  cancelled: AbortSignal,
): Promise<void> {
  const { inputs } = wanted;
  const directory = world.machine.folder(project);
  world.runner.saveState(encodeState({ project, directory, teardown: inputs.teardown }));
  await world.machine.makeFolder(directory);
  const { model, catalogue, selected, bindings } = await resolveModel(wanted, project, directory, world);
  const services = selected.map(({ service }) => service);
  const { bindAddress, images, requests } = inputs;
  const weights = startWeights(services, model);
  const arranged = decodeModel(
    arrange(model, catalogue, { services, bindings, bindAddress, images, requests, weights }),
  );
  const plan = makePlan({
    project,
    selected,
    model: arranged,
    catalogue,
    requests,
    localImages: await localImages(arranged.services, world),
  });
  await world.runner.group('Plan', async () => world.runner.info(renderPlan(plan)));
  await refuseTakenPorts(bindings, bindAddress, world);
  const modelFile = await writeModel(arranged, directory, world);
  const endpoints = reachable(catalogue, services, bindings, inputs.advertiseHost);
  const address = probeAddress(inputs.advertiseHost, bindAddress);
  const timings = await bringUp(
    { plan, modelFile, endpoints, address, weights, timeout: inputs.timeout, began, cancelled },
    world,
  );
  await handOver(
    { project, directory, model: arranged, services, endpoints, timings, exportEnv: inputs.exportEnv },
    world,
  );
}

async function writeModel(model: Model, directory: string, world: World): Promise<string> {
  const file = join(directory, 'model.json');
  await world.machine.writeText(file, JSON.stringify(model.json));
  return file;
}

function ownName(world: World): string {
  const [run, attempt, job] = ['GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_JOB'].map((name) =>
    world.runner.variable(name),
  );
  return uniqueProject(run || 'local', attempt || '1', job || 'job', world.machine.salt());
}

async function localImages(
  services: ReadonlyMap<string, { readonly image: string }>,
  world: World,
): Promise<readonly string[]> {
  const references = [
    ...new Set([...services.values()].flatMap(({ image }) => (image === '' ? [] : [image]))),
  ];
  if (references.length === 0 || (await world.docker.hasImages(references))) return references;
  const present = await Promise.all(
    references.map(async (image) => ((await world.docker.hasImages([image])) ? [image] : [])),
  );
  return present.flat();
}

/** All taken ports at once, before anything is created. */
async function refuseTakenPorts(
  bindings: readonly { readonly service: string; readonly host: number; readonly protocol: string }[],
  address: string,
  world: World,
): Promise<void> {
  const asked = bindings.filter(({ protocol }) => protocol === 'tcp');
  const taken = await Promise.all(
    asked.map(async (each) => ((await world.machine.portTaken(address, each.host)) ? [each] : [])),
  );
  const [first, ...others] = taken.flat();
  if (first === undefined) return;
  const owners = await Promise.all(
    [first, ...others].map(async ({ service, host }) => {
      const names = (await world.docker.publishing(host)).stdout.trim();
      const owner =
        names === '' ? await world.machine.portOwner(host) : `container ${names.replaceAll('\n', ', ')}`;
      return `${host} of ${service}${owner === '' ? '' : ` (by ${owner})`}`;
    }),
  );
  throw new UserError({
    code: 'PORT_TAKEN',
    system: first.service,
    what: `Ports that the stack needs are taken: ${owners.join(', ')}.`,
    why: 'Another process or container on this machine uses them.',
    advice: 'Stop the other one, or set `ports: dynamic` so that free ports are chosen.',
  });
}

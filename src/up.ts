import { bringUp } from './bring-up.ts';
import { platformOf, policyFor, warmFor } from './cache-use.ts';
import { checkEngine } from './check-engine.ts';
import { arrange, renderedFile } from './core/arrange.ts';
import { reachable } from './core/endpoints.ts';
import type { ImageFacts } from './core/images/image-facts.ts';
import { policyInWords } from './core/images/policy.ts';
import type { Inputs } from './core/inputs.ts';
import { artifactName } from './core/log-wishes.ts';
import { catalogueOf, decodeModel, type Model } from './core/model.ts';
import { makePlan, type Plan, renderPlan } from './core/plan.ts';
import { uniqueProject } from './core/project.ts';
import { encodeState } from './core/state.ts';
import { startWeights } from './core/weights.ts';
import { handOver } from './hand-over.ts';
import type { Brought } from './images/begin.ts';
import { leaveImages } from './images/leave.ts';
import { newLanes } from './lanes.ts';
import { refuseTakenPorts } from './port-check.ts';
import { probeAddress } from './probing.ts';
import { readRequest, type Wanted } from './read-request.ts';
import { type Redacting, redacting } from './redacting.ts';
import { reportFailure } from './report-failure.ts';
import { type Resolved, resolveModel } from './resolve-model.ts';
import { cacheFolder, catalogueFile, leaveRecord, modelFile, newRun, type Run } from './run.ts';
import type { World } from './world.ts';

/**
 * The action's main phase: from inputs to a stack in which every system works. A failure is reported as one annotation and
 * fails the step; logs and taking down are post's, which also comes after a cancellation.
 */
export async function up(outside: World, cancelled: AbortSignal): Promise<void> {
  const run = newRun(outside);
  const show = await redacting(outside);
  const { world } = show;
  try {
    const wanted = await readRequest(world);
    run.engine = await checkEngine(world);
    await bring(wanted, run, show, cancelled);
  } catch (error) {
    if (cancelled.aborted) {
      world.runner.info('Cancelled; post takes down what was started.');
      process.exitCode = 1;
      await leaveRecord(run, 'cancelled', show);
    } else await reportFailure(error, run, show);
  }
}

async function bring(wanted: Wanted, run: Run, show: Redacting, cancelled: AbortSignal): Promise<void> {
  const { world } = show;
  const { inputs } = wanted;
  const place = await begin(wanted, run, world);
  const policy = policyFor(inputs, world);
  if (policy.read) world.cache.prepare(cacheFolder(place.directory));
  const resolved = await resolveModel(wanted, place.project, place.directory, world);
  await show.hide(resolved.model.json);
  run.catalogue = resolved.catalogue;
  const services = resolved.selected.map(({ service }) => service);
  const weights = startWeights(services, resolved.model);
  const { model, plan, here } = await makeRunPlan(inputs, resolved, weights, place, world);
  run.cache = policyInWords(policy);
  const known = { model, plan, here, catalogue: resolved.catalogue, directory: place.directory };
  const warm = warmFor(known, inputs.jvm, policy, run, world, cancelled);
  await refuseTakenPorts(resolved.bindings, inputs.bindAddress, world);
  for (const request of inputs.requests) {
    if (request.kind === 'render')
      await world.machine.writeReadable(renderedFile(request, place.directory), request.text);
  }
  const file = modelFile(place.directory);
  await world.machine.writeText(file, JSON.stringify(model.json));
  await world.machine.writeText(
    catalogueFile(place.directory),
    JSON.stringify(catalogueOf(resolved.model) ?? {}),
  );
  const endpoints = reachable(resolved.catalogue, services, resolved.bindings, inputs.advertiseHost);
  const lanes = newLanes(plan, (service) =>
    endpoints.filter(({ system }) => system.name === service).map(({ host }) => host.url),
  );
  run.lanes = lanes;
  const address = probeAddress(inputs.advertiseHost, inputs.bindAddress);
  const limits = { timeout: inputs.timeout, began: run.began, cancelled };
  const images = { policy, platform: platformOf(run), folder: cacheFolder(place.directory) };
  const onImages = (brought: Brought) => leaveImages(brought, place.directory, run, world);
  const stack = { plan, lanes, modelFile: file, images, onImages, endpoints, address, weights, warm };
  await bringUp({ ...stack, ...limits }, world);
  await warm.leave();
  const record = await leaveRecord(run, 'success', show);
  await handOver({ ...place, model, services, endpoints, record, exportEnv: inputs.exportEnv }, world);
}

/** The Compose model as it will run, and the plan for it, which is printed. */
async function makeRunPlan(
  { bindAddress, images, requests, registryMirror, jvm }: Inputs,
  { model, catalogue, selected, bindings }: Resolved,
  weights: ReadonlyMap<string, number>,
  { project, directory }: { readonly project: string; readonly directory: string },
  world: World,
): Promise<{ model: Model; plan: Plan; here: ReadonlyMap<string, ImageFacts> }> {
  const services = selected.map(({ service }) => service);
  const wanted = { services, bindings, bindAddress, images, requests, directory, weights, jvm };
  const arranged = decodeModel(arrange(model, catalogue, wanted));
  const here = await imagesHere(arranged.services, world);
  const localImages = [...here.keys()];
  const facts = { project, selected, model: arranged, catalogue, requests, localImages, registryMirror };
  const plan = makePlan(facts);
  await world.runner.group('Plan', async () => world.runner.info(renderPlan(plan)));
  return { model: arranged, plan, here };
}

/** Settles the names of project, folder and artifact, and leaves them for post before anything has an effect. */
async function begin({ inputs }: Wanted, run: Run, world: World) {
  const { runner, machine } = world;
  const salt = machine.salt();
  const [id, attempt, job] = [
    runner.variable('GITHUB_RUN_ID') || 'local',
    runner.variable('GITHUB_RUN_ATTEMPT') || '1',
    runner.variable('GITHUB_JOB') || 'job',
  ];
  const project = inputs.projectName || uniqueProject(id, attempt, job, salt);
  const directory = machine.folder(project);
  const artifact =
    inputs.logs.artifact || artifactName({ job, attempt, matrix: runner.input('matrix'), salt });
  const logs = { ...inputs.logs, artifact };
  run.project = project;
  run.directory = directory;
  if (logs.when !== 'never') run.artifact = artifact;
  runner.saveState(encodeState({ project, directory, teardown: inputs.teardown, logs }));
  // These are of use after a failure, too.
  runner.output('project-name', project);
  runner.output('logs-path', machine.logsFolder(project));
  runner.output('logs-artifact', artifact);
  await machine.makeFolder(directory);
  return { project, directory };
}

/** The images that need no pull. */
function imagesHere(
  services: ReadonlyMap<string, { readonly image: string }>,
  world: World,
): Promise<ReadonlyMap<string, ImageFacts>> {
  const named = [...services.values()].flatMap(({ image }) => (image === '' ? [] : [image]));
  return world.docker.imageFacts([...new Set(named)]);
}

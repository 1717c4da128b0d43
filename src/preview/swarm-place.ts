import { join } from 'node:path';
import { explain } from '../core/causes/explain.ts';
import { type Failure, inputFailure, UserError } from '../core/errors.ts';
import { asObject, asString, entries, type Json } from '../core/json.ts';
import { type Deployment, door } from '../core/preview/deployment.ts';
import { urlOf } from '../core/preview/exposure.ts';
import { projectLabel, spread } from '../core/preview/identity.ts';
import { builtImage, builtServices } from '../core/preview/render.ts';
import { stackFile } from '../core/preview/stack-file.ts';
import type { PreviewUrl } from '../core/preview/state.ts';
import { readServices, readTasks, stackPorts } from '../core/preview/tasks.ts';
import { modelFile } from '../run.ts';
import type { World } from '../world.ts';
import { buildImages, pushImages } from './build.ts';
import { removeImages, standingOf } from './engine-place.ts';
import type { Launch, Place } from './place.ts';
import { takeStackDown } from './take-stack-down.ts';
import { untilStackWorks } from './until-stack-works.ts';

/** Lines of a log in which a cause is looked for. */
const logLines = 2000;

/** Previews as stacks on a Swarm; the engine is one of its managers. */
export function swarmPlace(world: World): Place {
  return {
    standing: (labels) => standingOf(['service', 'network', 'config', 'secret'], labels, world),
    taken: async () => [
      ...(await world.previews.publishedPorts()),
      ...stackPorts(await world.swarm.services()),
    ],
    check: (deployment) => checkSwarm(deployment, world),
    launch: (launch) => launchStack(launch, world),
    urls: (deployment) => urlsOf(deployment, world),
    remote: {
      log: (project, service) => world.swarm.logs(`${project}_${service}`, logLines),
      records: (project) => recordsOf(project, world),
    },
    takeDown: (project) => takeStackDown(project, world),
  };
}

async function checkSwarm(deployment: Deployment, { swarm }: World): Promise<void> {
  const { active, manages, nodes } = await swarm.state();
  if (!active || !manages) throw new UserError(noManager(active));
  const built = builtServices(deployment);
  if (nodes > 1 && built.length > 0 && deployment.registry === '')
    throw inputFailure([
      { where: 'registry', what: `is needed: ${nodes} nodes have to pull the image of ${built.join(', ')}` },
    ]);
}

async function launchStack(launch: Launch, world: World): Promise<void> {
  const { deployment, rendered, directory, signal, timeout } = launch;
  const { project, registry } = deployment;
  const { machine, swarm, runner } = world;
  const file = modelFile(directory);
  await machine.writeText(file, JSON.stringify(rendered));
  const built = builtServices(deployment);
  const building = { project, file, env: {}, signal };
  await buildImages(built, building, world);
  if (registry !== '') await pushImages(built, building, world);
  const stack = await writeStack(launch, world);
  const before = new Set((await swarm.tasks(project)).flatMap(({ ID }) => asString(ID) ?? []));
  runner.info(`Deploying ${project}.`);
  const result = await swarm.deploy(project, stack, signal);
  if (result.exitCode !== 0 && !signal.aborted) throw new UserError(explain(result));
  await untilStackWorks({ project, rendered, signal, timeout }, before, world);
  for (const kind of ['config', 'secret'] as const) {
    // Those that something uses stay: Docker refuses.
    const all = await world.previews.labelled(kind, [`${projectLabel}=${project}`]);
    await swarm.removeUnused(
      kind,
      all.map(({ id }) => id),
    );
  }
  await removeImages(
    project,
    built.map((service) => builtImage(service, deployment)),
    world,
  );
}

/** Writes the stack file and what it names; gives its path. */
async function writeStack({ deployment, rendered, directory }: Launch, world: World): Promise<string> {
  const { machine } = world;
  const { json, texts } = stackFile(rendered, deployment);
  for (const { name, text } of texts) await machine.writeText(join(directory, name), text);
  const secrets = await Promise.all(
    entries(json['secrets']).map(async ([key, secret]) => {
      const own = asObject(secret) ?? {};
      if (own['external'] === true) return [key, own] as const;
      const text = await secretText(own, world);
      const file = join(directory, `secret-${key}`);
      await machine.writeText(file, text);
      // A secret cannot be changed: another content is another secret.
      const name = `${deployment.project}_${spread(`${key} ${text}`).toString(36)}`;
      return [key, { file, name, labels: own['labels'] }] as const;
    }),
  );
  const file = join(directory, 'stack.json');
  const all: Json = secrets.length === 0 ? json : { ...json, secrets: Object.fromEntries(secrets) };
  await machine.writeText(file, JSON.stringify(all));
  return file;
}

async function secretText({ file, environment }: Json, { machine, runner }: World): Promise<string> {
  const path = asString(file);
  return path === undefined ? runner.variable(asString(environment) ?? '') : machine.readText(path);
}

/** Where a task publishes its port itself, the address is that of its node, unless the caller has named one for all. */
async function urlsOf(deployment: Deployment, { swarm }: World): Promise<readonly PreviewUrl[]> {
  const { project, reach, exposures, ports } = deployment;
  const services = await swarm.services(project);
  const tasks = readTasks(services, await swarm.tasks(project), project);
  return Promise.all(
    exposures.map(async (at) => {
      const task = tasks.find((each) => each.service === at.service && each.state === 'running');
      const host = reach.host || (await swarm.nodeAddress(task?.node ?? 'self'));
      return urlOf(at, { ...deployment, reach: { ...reach, host } }, ports.get(door(at)));
    }),
  );
}

/** The log of every service, and the tasks that Swarm still knows. */
async function recordsOf(project: string, { swarm }: World) {
  const services = await swarm.services(project);
  const tasks = readTasks(services, await swarm.tasks(project), project);
  const logs = await Promise.all(
    readServices(services, project).map(async ({ name }) => ({
      name: `${name}.log`,
      text: await swarm.logs(`${project}_${name}`, logLines),
    })),
  );
  const lines = tasks.map(({ service, state, exitCode, error, node, id }) =>
    [service, state, `exit code ${exitCode}`, error, `node ${node}`, id]
      .filter((text) => text !== '')
      .join('  '),
  );
  return [...logs, { name: 'tasks.txt', text: `${lines.join('\n')}\n` }];
}

function noManager(active: boolean): Failure {
  return {
    code: 'PREVIEW_NO_SWARM',
    what: active
      ? 'The engine is a worker of its Swarm, not a manager.'
      : 'The engine is no part of a Swarm.',
    why: 'With `place: swarm` a preview is a stack, and only a manager takes stacks.',
    advice: 'Let `docker-host` name a manager, or make the engine one with `docker swarm init`.',
  };
}

import { inputFailure, type Problem, quote, UserError } from '../src/core/errors.ts';
import { annotation as failureAnnotation } from '../src/core/report.ts';
import { didYouMean } from '../src/core/spelling.ts';
import type { FoundContainer } from './clients/containers.ts';
import type { Check, Services, Stack } from './core/check.ts';
import { decodeServices, inputNames, parseInputs } from './core/inputs.ts';
import { junit } from './core/junit.ts';
import { annotation, count, counts, line, type Report } from './core/report.ts';
import { type Chosen, choose } from './core/selection.ts';
import { renderSummary } from './core/summary.ts';
import { runChecks } from './run-checks.ts';
import type { World } from './world.ts';

/** The checks that there are, and the groups of their systems. */
export interface Known {
  readonly checks: readonly Check[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** The action: from inputs to one verdict for each promise. The step fails when one of them is broken. */
export async function smoke(world: World, known: Known, cancelled: AbortSignal): Promise<void> {
  try {
    const wanted = await readRequest(world, known);
    const found = await findStack(wanted.project, world);
    await prove(wanted, found, world, cancelled);
  } catch (error) {
    if (error instanceof UserError) {
      const { title, text } = failureAnnotation(error.failure, '');
      world.runner.fail(title, text);
    } else {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      world.runner.fail('smoke: a defect of this action', text);
    }
  }
}

interface Wanted extends Chosen {
  readonly project: string;
  readonly services: Services;
  readonly timeout: number;
}

/**
 * Reads inputs and what the action has left of its run, and reports all problems at once.
 * @throws UserError
 */
async function readRequest({ runner, files }: World, { checks, groups }: Known): Promise<Wanted> {
  const raw = Object.fromEntries(inputNames.map((name) => [name, runner.input(name)]));
  const { inputs, problems } = parseInputs(raw);
  const left = await files.projects();
  const project = inputs.project || (left.size === 1 ? [...left.keys()].join() : '');
  const services = inputs.services ?? decodeServices(left.get(project) ?? '');
  const chosen = choose(inputs.checks, checks, groups, services ?? everything(checks));
  const found = [...problems, ...noStack(project, services, [...left.keys()]), ...chosen.problems];
  if (found.length > 0) throw inputFailure(found);
  return { ...chosen, project, services: services ?? {}, timeout: inputs.timeout };
}

/** Names are checked even where no stack is known. */
function everything(checks: readonly Check[]): Services {
  const services = checks.flatMap(({ needs }) => needs);
  return Object.fromEntries(services.map((service) => [service, { image: '', endpoints: {} }]));
}

function noStack(
  project: string,
  services: Services | undefined,
  left: readonly string[],
): readonly Problem[] {
  const where = 'project-name';
  if (project === '' && left.length > 1)
    return [{ where, what: `several stacks are up, say which one: ${left.join(', ')}` }];
  if (project === '')
    return [{ where, what: 'no stack was brought up in this job, or it has been taken down' }];
  if (services !== undefined) return [];
  const near = `${didYouMean(project, left)}${left.length === 0 ? '' : `; there are: ${left.join(', ')}`}`;
  return [
    {
      where,
      what: `this job has no stack ${quote(project)}${near}; of another job's, give \`services\`, too`,
    },
  ];
}

async function findStack(project: string, world: World): Promise<readonly FoundContainer[]> {
  const found = await world.findContainers(project);
  if (found.length > 0) return found;
  throw inputFailure([
    { where: 'project-name', what: `Docker has no container of project ${quote(project)}` },
  ]);
}

async function prove(
  { project, services, checks, leftOut, timeout }: Wanted,
  found: readonly FoundContainer[],
  world: World,
  cancelled: AbortSignal,
): Promise<void> {
  const { runner } = world;
  const id = world.salt();
  const stack: Stack = { project, id, services, containers: world.containersOf(found, project, id) };
  const [began, start] = [world.date(), world.now()];
  for (const { check, missing } of leftOut) runner.info(`${check.id} is not asked: it needs ${missing}`);
  const results = await runChecks(checks, {
    stack,
    standIns: found.flatMap(({ service, standIn }) => (standIn === undefined ? [] : [service])),
    signal: AbortSignal.any([cancelled, AbortSignal.timeout(timeout)]),
    now: world.now,
    onEnd: (result) => runner.info(line(result)),
  });
  const took = Math.round(world.now() - start);
  await handOver(
    { version: 1, project, began: new Date(began).toISOString(), took, checks: results },
    id,
    world,
  );
}

async function handOver(report: Report, id: string, { runner, files }: World): Promise<void> {
  const texts = { 'report.json': `${JSON.stringify(report, null, 2)}\n`, 'junit.xml': junit(report) };
  const folder = await files.write(`${report.project}-${id}`, texts);
  runner.output('report', `${folder}/report.json`);
  runner.output('junit', `${folder}/junit.xml`);
  for (const outcome of ['passed', 'failed', 'skipped'] as const)
    runner.output(outcome, String(count(report, outcome)));
  await runner.summary(renderSummary(report));
  runner.info(`${counts(report)} in ${(report.took / 1000).toFixed(1)} s; ${folder}`);
  for (const result of report.checks) {
    const { title, text } = annotation(result);
    if (result.outcome === 'failed') runner.fail(title, text);
  }
}
